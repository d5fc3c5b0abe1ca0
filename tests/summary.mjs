// Reads the result files of tests/run.sh: one line for each project as it ends, then all failures and the line of totals.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [mode, folder, project, seconds] = process.argv.slice(2);

function unescape(text) {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)))
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'").replace(/&amp;/g, '&');
}

function element(text, name) {
  const found = text.match(new RegExp(`<${name}[^>]*>([\\s\\S]*?)</${name}>`));
  return found ? unescape(found[1]).trim() : '';
}

function read(name) {
  const tests = { name, passed: 0, failed: [], notRun: [] };
  const file = join(folder, `${name}.trx`);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  for (const match of text.matchAll(/<UnitTestResult\b([^>]*?)(\/>|>([\s\S]*?)<\/UnitTestResult>)/g)) {
    const test = unescape(match[1].match(/\btestName="([^"]*)"/)?.[1] ?? '?');
    const outcome = match[1].match(/\boutcome="([^"]*)"/)?.[1];
    const body = match[3] ?? '';
    if (outcome === 'Passed') tests.passed++;
    else if (outcome === 'NotExecuted') tests.notRun.push({ test, why: element(body, 'Message') || element(body, 'StdOut') });
    else tests.failed.push({ test, why: `${element(body, 'Message')}\n${element(body, 'StackTrace').split('\n').slice(0, 8).join('\n')}` });
  }
  const exit = Number(readFileSync(join(folder, `${name}.exit`), 'utf8'));
  // It crashed, hung or could not start: no test says so, so the project does.
  if (exit !== 0 && tests.failed.length === 0) {
    const log = readFileSync(join(folder, `${name}.log`), 'utf8').trimEnd().split('\n').slice(-15).join('\n');
    tests.failed.push({ test: `${name} as a whole`, why: `${exit === 124 ? 'It took more than 25 minutes.' : `It ended with exit code ${exit}.`}\n${log}` });
  }
  return tests;
}

if (mode === 'project') {
  const { passed, failed, notRun } = read(project);
  console.log(`${project}: ${passed} passed, ${failed.length} failed${notRun.length ? `, ${notRun.length} not run` : ''} (${seconds} s)`);
} else {
  const projects = readdirSync(folder).filter(file => file.endsWith('.exit')).sort().map(file => read(file.slice(0, -'.exit'.length)));
  const failed = projects.flatMap(tests => tests.failed);
  const notRun = projects.flatMap(tests => tests.notRun);
  const passed = projects.reduce((sum, tests) => sum + tests.passed, 0);
  for (const { test, why } of failed) console.log(`\nFAILED ${test}\n${why.trim().replace(/^/gm, '    ')}`);
  if (notRun.length) {
    console.log(`\n${notRun.length} tests did not run:`);
    for (const { test, why } of notRun) console.log(`    ${test}: ${why || 'skipped'}`);
  }
  if (passed + failed.length === 0) console.log('\nNot a single test ran.');
  console.log(`\n${passed} passed, ${failed.length} failed`);
  process.exitCode = failed.length > 0 || passed === 0 ? 1 : 0;
}
