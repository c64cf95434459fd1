package dev.longshore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables of a page between the comments that name the program which prints them. */
record PageTables(Path page, String program) {

    /** The tables of the page; {@code -Dcosts.write=true} writes the printed ones into it first. */
    String read(String printed) throws IOException {
        Pattern tables = Pattern.compile("(?s)(<!-- " + program + " -->\n)(.*?)(<!-- the end of " + program + " -->)");
        if (Boolean.getBoolean("costs.write")) {
            Files.writeString(
                    page,
                    tables.matcher(Files.readString(page))
                            .replaceFirst(
                                    found -> Matcher.quoteReplacement(found.group(1) + printed + found.group(3))));
        }
        Matcher found = tables.matcher(Files.readString(page));
        assertThat(found.find()).as("the tables in " + page).isTrue();
        return found.group(2);
    }
}
