// The manifest and the grammar, without an editor: the problem matcher reads what `dunlint check --format concise`
// writes, and the grammar finds placeholders where they are. `DUNLINT` names the program.
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const oniguruma = require('vscode-oniguruma');
const textmate = require('vscode-textmate');
const manifest = require('./package.json');

const program = process.env.DUNLINT ? path.resolve(process.env.DUNLINT) : path.join(__dirname, '../../target/debug/dunlint');

function matcher() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dunlint-'));
  fs.writeFileSync(path.join(folder, 'a.sms'), '【示例消金】您好，您的账单已逾期，今日不还款将安排上门催收。客服400-000-1001\n');
  const run = [program, ['check', '--format', 'concise', '--fail-on', 'never', '--lang', 'en'], { cwd: folder }];
  const lines = execFileSync(...run).toString().trim().split('\n');
  fs.rmSync(folder, { recursive: true });
  const { pattern } = manifest.contributes.problemMatchers[0];
  const found = lines.map((line) => new RegExp(pattern.regexp).exec(line)).filter(Boolean);
  const threat = found.find((match) => match[pattern.code] === 'threat/visit');
  assert(threat, lines.join('\n'));
  assert.deepStrictEqual([threat[pattern.file], threat[pattern.line], threat[pattern.severity]], ['a.sms', '1', 'error']);
  assert(threat[pattern.message].includes('上门'));
}

async function grammar() {
  const wasm = fs.readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const file = path.join(__dirname, manifest.contributes.grammars[0].path);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(fs.readFileSync(file, 'utf8'), file),
  });
  const loaded = await registry.loadGrammar('text.sms');
  const text = ['---', '# a comment', 'kind: overdue', '---', '【示例】${name}您好，{{amount}}元 {#var#} {% if x %}%s{1} 100% {您}'];
  let stack = textmate.INITIAL;
  const found = [];
  for (const line of text) {
    const { tokens, ruleStack } = loaded.tokenizeLine(line, stack);
    stack = ruleStack;
    for (const { startIndex, endIndex, scopes } of tokens) {
      const scope = scopes[scopes.length - 1];
      if (/^(variable|keyword|comment|entity)/.test(scope)) {
        found.push([line.slice(startIndex, endIndex), scope.split('.')[0]]);
      }
    }
  }
  assert.deepStrictEqual(found, [
    ['# a comment', 'comment'],
    ['kind', 'entity'],
    ['【示例】', 'entity'],
    ['${name}', 'variable'],
    ['{{amount}}', 'variable'],
    ['{#var#}', 'variable'],
    ['{% if x %}', 'keyword'],
    ['%s', 'variable'],
    ['{1}', 'variable'],
  ]);
}

matcher();
grammar().then(() => console.log('the problem matcher and the grammar are right'));
