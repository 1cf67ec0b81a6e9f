// Starts `dunlint server` for the open folders, and stops it with the window.
'use strict';

const { execFile } = require('node:child_process');
const path = require('node:path');
const { promisify } = require('node:util');
const vscode = require('vscode');
const { LanguageClient, State } = require('vscode-languageclient/node');

/** Schemas, each with the files of TOML that it describes, as Even Better TOML looks for them. */
const SCHEMAS = [
  { name: 'config', files: '.*/dunlint\\.toml$' },
  { name: 'policy', files: '.*/policies/.*\\.toml$' },
  { name: 'campaign', files: '.*/campaigns/.*\\.toml$' },
];

let client;

function program() {
  return vscode.workspace.getConfiguration('dunlint').get('path') || 'dunlint';
}

/** What the server is told: settings that somebody has made. */
function options() {
  const settings = vscode.workspace.getConfiguration('dunlint');
  const { pedantic, unsafeFixes, lang, baseline } = settings;
  return { pedantic, unsafeFixes, lang, baseline };
}

async function start() {
  const command = program();
  client = new LanguageClient(
    'dunlint',
    'dunlint',
    { command, args: ['server'] },
    {
      // Which files hold templates is the configuration's to say, so all are offered.
      documentSelector: [{ scheme: 'file' }],
      initializationOptions: options(),
      diagnosticCollectionName: 'dunlint',
    },
  );
  try {
    await client.start();
  } catch (error) {
    vscode.window.showErrorMessage(`dunlint: cannot run \`${command} server\`: ${error.message}`);
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running && running.state !== State.Stopped) {
    await running.stop();
  }
}

/** Writes the schemas beside the workspace's settings, and tells Even Better TOML of them. */
async function useSchemas() {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) {
    vscode.window.showErrorMessage('dunlint: open a folder first');
    return;
  }
  const home = vscode.Uri.joinPath(folder.uri, '.vscode');
  const toml = vscode.workspace.getConfiguration('evenBetterToml', folder.uri);
  const associations = { ...toml.get('schema.associations') };
  try {
    for (const { name, files } of SCHEMAS) {
      const { stdout } = await promisify(execFile)(program(), ['schema', name], { maxBuffer: 1 << 26 });
      const file = vscode.Uri.joinPath(home, `dunlint.${name}.schema.json`);
      await vscode.workspace.fs.writeFile(file, Buffer.from(stdout));
      associations[files] = `file://${path.posix.join('${workspaceFolder}', '.vscode', path.basename(file.fsPath))}`
        .replace('${workspaceFolder}', folder.uri.path);
    }
    if (vscode.extensions.getExtension('tamasfe.even-better-toml')) {
      await toml.update('schema.associations', associations, vscode.ConfigurationTarget.Workspace);
    }
    vscode.window.showInformationMessage('dunlint: the schemas stand in .vscode');
  } catch (error) {
    vscode.window.showErrorMessage(`dunlint: ${error.message}`);
  }
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand('dunlint.restart', async () => {
      await stop();
      await start();
    }),
    vscode.commands.registerCommand('dunlint.schemas', useSchemas),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration('dunlint.path')) {
        await stop();
        await start();
      } else if (event.affectsConfiguration('dunlint') && client) {
        await client.sendNotification('workspace/didChangeConfiguration', { settings: { dunlint: options() } });
      }
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
