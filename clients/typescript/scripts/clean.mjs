// Deletes a folder that a build has made.
import { rmSync } from 'node:fs';

rmSync(new URL(`../${process.argv[2]}`, import.meta.url), { recursive: true, force: true });
