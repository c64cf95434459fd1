// Each block of TypeScript in the README and in docs/clients.md becomes a file of test/snippets, which the tests compile and run.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const FOLDER = new URL('../test/snippets/', import.meta.url);
const PAGES = ['../README.md', '../../../docs/clients.md'].map((page) => new URL(page, import.meta.url)).filter((page) => existsSync(page));

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const blocks = PAGES.flatMap((page) => [...readFileSync(page, 'utf8').matchAll(/^```ts\n(.*?)^```/gms)]);
blocks.forEach(([, code], index) => writeFileSync(new URL(`snippet-${index + 1}.ts`, FOLDER), `${code}\nexport {};\n`));
