-- Starts `dunlint server` from Neovim, waits for its diagnostics, and compares them with what `dunlint check` says of the
-- same file: rule by rule, and the marked words by what the buffer holds at the place. Then it edits, asks for
-- actions and for an explanation. Run by neovim.sh; works from Neovim 0.7 on.

local bin, file = vim.env.DUNLINT, vim.env.DUNLINT_FILE

local function fail(why)
  io.stderr:write("neovim: " .. why .. "\n")
  vim.cmd("cquit 1")
end

local function wait(what, done)
  if not vim.wait(60000, done, 50) then
    fail("waited for " .. what .. " in vain")
  end
end

vim.cmd("edit " .. vim.fn.fnameescape(file))
local buffer = vim.api.nvim_get_current_buf()
local config = { name = "dunlint", cmd = { bin, "server" }, root_dir = vim.fn.getcwd(), filetypes = { "text" } }
local client
if vim.lsp.start then
  client = vim.lsp.start(config)
else
  client = vim.lsp.start_client(config)
  vim.lsp.buf_attach_client(buffer, client)
end
if not client then
  fail("the server did not start")
end

-- The words that a diagnostic marks; Neovim has turned its columns into bytes.
local function marked(one)
  local line = vim.api.nvim_buf_get_lines(buffer, one.lnum, one.lnum + 1, false)[1]
  return line:sub(one.col + 1, one.end_col)
end

local function shown()
  local rows = {}
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(rows, one.code .. " " .. marked(one))
  end
  table.sort(rows)
  return rows
end

local report = vim.fn.json_decode(vim.fn.system({ bin, "check", "--format", "json", file }))
local expected = {}
for _, one in ipairs(report.diagnostics) do
  if one.level ~= "note" and one.confidence == "high" then
    table.insert(expected, one.rule_id .. " " .. one.text)
  end
end
table.sort(expected)
if #expected == 0 then
  fail("`dunlint check` finds nothing in " .. file)
end

wait("diagnostics", function()
  return #vim.diagnostic.get(buffer) >= #expected
end)
local found = shown()
for _, row in ipairs(found) do
  print(row)
end
if not vim.deep_equal(found, expected) then
  fail("not as in `dunlint check`: " .. vim.inspect(expected))
end

-- An explanation, and an action, at the first finding of a threat.
local threat
for _, one in ipairs(vim.diagnostic.get(buffer)) do
  if one.code == "threat/visit" then
    threat = one
  end
end
if not threat then
  fail("no threat/visit")
end
vim.api.nvim_win_set_cursor(0, { threat.lnum + 1, threat.col })
local encoding = vim.lsp.get_client_by_id(client).offset_encoding
local place = vim.lsp.util.make_position_params(0, encoding)
local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(buffer, method, params, 60000) or {}
  local answer = answers[client] or fail(method .. " was not answered")
  return answer.result or fail(method .. ": " .. vim.inspect(answer))
end
local said = ask("textDocument/hover", place).contents.value
if not said:find("threat/visit", 1, true) then
  fail("the explanation is " .. said)
end
local params = vim.lsp.util.make_range_params(0, encoding)
params.context = { diagnostics = {} }
local offered = ask("textDocument/codeAction", params)
local suppress
for _, action in ipairs(offered) do
  if action.title:find("threat/visit", 1, true) then
    suppress = action
  end
end
if not suppress then
  fail("no suppression is offered: " .. vim.inspect(offered))
end
vim.lsp.util.apply_workspace_edit(suppress.edit, encoding)
wait("the reason to be asked for", function()
  return vim.fn.join(shown(), "\n"):find("suppression/no-reason", 1, true) ~= nil
end)
vim.cmd("silent %s/…/合同约定/")
wait("the suppression to hold", function()
  return vim.fn.join(shown(), "\n"):find("threat/visit", 1, true) == nil
end)

print("neovim " .. vim.fn.execute("version"):match("NVIM v([%w.-]+)") .. ": " .. #expected .. " findings as in dunlint check")
vim.cmd("qall!")
