// Drives the desk in Chromium as a curator does, and prints what it saw as one JSON object.
//
// node desk.mjs MODULES CHROMIUM LINK
//
// MODULES is a folder of Node modules with ws and axe-core. LINK opens the desk.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [modules, program, link] = process.argv.slice(2);
const WebSocket = createRequire(`${modules}/`)('ws');
const axe = readFileSync(join(modules, 'axe-core/axe.min.js'), 'utf8');
const seen = { violations: [], wide: [], errors: [] };

const profile = mkdtempSync(join(tmpdir(), 'desk-'));
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking',
  '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'];
const browser = spawn(program, flags, { stdio: ['ignore', 'ignore', 'pipe'] });
const address = await new Promise((found) => {
  let said = '';
  browser.stderr.on('data', (bytes) => {
    said += bytes;
    const match = said.match(/ws:\/\/\S+/);
    if (match) found(match[0]);
  });
});
const targets = await (await fetch(`http://127.0.0.1:${new URL(address).port}/json`)).json();
const socket = new WebSocket(targets.find(({ type }) => type === 'page').webSocketDebuggerUrl);
await new Promise((open) => socket.on('open', open));
const waiting = new Map();
let last = 0;
socket.on('message', (text) => {
  const message = JSON.parse(text);
  if (message.id) waiting.get(message.id)?.(message);
  if (message.method === 'Runtime.exceptionThrown') seen.errors.push(message.params.exceptionDetails.exception?.description);
});
const send = (method, params = {}) => new Promise((done) => {
  waiting.set(++last, done);
  socket.send(JSON.stringify({ id: last, method, params }));
});
const evaluate = async (expression) => {
  const { result } = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
  if (result.exceptionDetails) throw new Error(`${expression}: ${result.exceptionDetails.exception?.description}`);
  return result.result.value;
};
// Waits until something is so, for three minutes at most: other tests run beside this one.
async function until(expression) {
  for (let tries = 0; tries < 1800; tries++) {
    if (await evaluate(`Boolean(${expression})`)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`never: ${expression}; ${await evaluate('document.body.innerText')}`);
}
const said = (text) => until(`document.getElementById('said').textContent.includes(${JSON.stringify(text)})`);
const press = (label) => evaluate(`[...document.querySelectorAll('button, summary')].find(one => one.textContent === ${JSON.stringify(label)}).click()`);
async function look(screen) {
  for (const scheme of ['light', 'dark']) {
    for (const width of [1280, 320]) {
      for (const direction of ['ltr', 'rtl']) {
        await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
        await send('Emulation.setDeviceMetricsOverride', { width, height: 800, deviceScaleFactor: 1, mobile: false });
        await evaluate(`document.documentElement.dir = '${direction}'`);
        await evaluate(`${axe};1`);
        const found = await evaluate('axe.run(document, { iframes: false }).then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))');
        seen.violations.push(...found.map((one) => [screen, scheme, width, direction, ...one]));
        const real = await evaluate('document.documentElement.scrollWidth');
        if (real > width) seen.wide.push([screen, width, real]);
      }
    }
  }
  await evaluate("document.documentElement.dir = 'ltr'");
  await send('Emulation.setDeviceMetricsOverride', { width: 1280, height: 800, deviceScaleFactor: 1, mobile: false });
}
const fill = (label, text) => evaluate(`(() => {
  const labels = [...document.querySelectorAll('label')].filter(one => one.checkVisibility() && one.textContent === ${JSON.stringify(label)});
  const input = document.getElementById(labels[0].htmlFor);
  input.focus();
  input.select();
})()`).then(() => send('Input.insertText', { text }));

try {
  await send('Page.enable');
  await send('Runtime.enable');
  await send('Page.navigate', { url: link });
  await until("document.querySelector('.list a')");
  seen.home = await evaluate('location.pathname + location.hash');
  await look('list');

  await evaluate("document.querySelector('.list a').focus()");
  await send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' });
  await until("document.querySelector('textarea.body')");
  await look('edit');
  seen.frame = await evaluate("document.querySelector('iframe').src");
  await evaluate("(() => { const area = document.querySelector('textarea.body'); area.focus(); area.setSelectionRange(area.value.length, area.value.length); })()");
  await send('Input.insertText', { text: 'They talked.\n' });
  await said('Kept');
  await press('Bold');
  await evaluate("document.execCommand('undo')");
  seen.undone = await evaluate("document.querySelector('textarea.body').value");
  await send('Input.dispatchKeyEvent', { type: 'keyDown', modifiers: 2, key: 's', code: 'KeyS', windowsVirtualKeyCode: 83 });
  await said('Saved.');

  await press('Correct');
  await fill('The wrong words, as they stand in the text', 'talked');
  await fill('The right words', 'spoke');
  await fill('What was wrong, for readers', 'They did not talk.');
  await press('Show what will change');
  await until("document.querySelector('section .lines ins')");
  await look('correct');
  await press('Correct it');
  await said('Done.');

  await press('Write');
  await until("!document.querySelector('iframe') && document.querySelector('textarea.body')");
  await look('write');
  await fill('title', 'Second');
  await fill('date', '2017-02-01');
  await fill('Text (Markdown)', 'More.');
  await press('Make the report');
  await until("location.hash.includes('second.md') && document.querySelector('iframe')");
  seen.second = await evaluate('location.hash');
  await evaluate("[...document.querySelectorAll('summary')].find(one => one.textContent === 'Withdraw').click()");
  await fill('Why, for readers', 'Asked for.');
  await evaluate("[...document.querySelectorAll('details[open] button')].find(one => one.textContent === 'Show what will change').click()");
  await until("[...document.querySelectorAll('button')].some(one => one.textContent === 'Withdraw it')");
  await press('Withdraw it');
  await said('Done.');

  await press('Take in');
  await until("!document.querySelector('textarea.body') && document.querySelector('main textarea')");
  const page = `<html><head><title>Peace</title><meta property="article:published_time" content="2017-03-04"></head><body><article><h1>Peace</h1><p>${'Some words of a report. '.repeat(40)}</p></article></body></html>`;
  await fill("An address, or a page's HTML", page);
  await press('Look at it');
  await until("document.querySelector('.field small')");
  await look('take');
  await press('Take it in');
  await until("location.hash.includes('peace.md')");
  seen.peace = await evaluate('location.hash');
  await press('Publish');
  await until("[...document.querySelectorAll('button')].some(one => one.textContent === 'Build the site')");
  await press('Build the site');
  await until("document.querySelector('main').textContent.includes('The site is built')");
  await look('publish');
  await press('Quit');
  await until("document.querySelector('main').textContent.includes('closed')");
} catch (error) {
  seen.errors.push(String(error));
}
console.log(JSON.stringify(seen));
browser.kill();
process.exit(0);
