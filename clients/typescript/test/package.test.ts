import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));

it('the package has the built files, README and licence alone, and works where it is installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longshore-client-'));
  try {
    const [packed] = JSON.parse(npm(PACKAGE, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder)) as [{ filename: string; files: { path: string }[] }];
    const files = packed.files.map(({ path }) => path);
    assert.deepEqual(
      files.filter((path) => !/^dist\/[a-z]+(\.d\.ts|\.js)$/.test(path)).sort(),
      ['LICENSE', 'README.md', 'package.json'],
    );
    assert.ok(files.includes('dist/index.js') && files.includes('dist/index.d.ts'));

    writeFileSync(join(folder, 'package.json'), '{"type": "module", "private": true}');
    npm(folder, 'install', '--no-audit', '--no-fund', '--offline', `./${packed.filename}`);
    writeFileSync(join(folder, 'use.ts'), USE);
    const tsc = join(PACKAGE, 'node_modules/typescript/bin/tsc');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER, files: ['use.ts'] }));
    execFileSync(process.execPath, [tsc], { cwd: folder, stdio: ['ignore', 2, 2] });
    assert.equal(execFileSync(process.execPath, ['use.js'], { cwd: folder, encoding: 'utf8', env: {} }), 'LONGSHORE_URL\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const COMPILER = { strict: true, exactOptionalPropertyTypes: true, module: 'NodeNext', target: 'ES2022', lib: ['ES2022', 'DOM'], types: [] };

/** A team's own program: the types are there, and so is the code. */
const USE = `
import { Longshore, type Job } from '@longshore/client';

export function state(job: Job<{ frames: number }>): string {
  return job.result === undefined ? job.state : String(job.result.frames.toFixed());
}

try {
  Longshore.fromEnvironment({ key: 'ls_a_b' });
} catch (error) {
  console.log(String(error).match(/LONGSHORE_URL/)?.[0]);
}
`;

function npm(folder: string, ...command: string[]): string {
  return execFileSync('npm', command, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
