-- efm-langserver with the configuration of docs/editors.md, which runs `dunlint check` itself. Run by run.sh.

local file = vim.env.DUNLINT_FILE
local folder = vim.fn.getcwd()
local page = io.open(vim.env.DUNLINT_DOCS):read("*a")
local yaml = page:match("```yaml\n(version: 2.-)```")
if not yaml then
  io.stderr:write("efm: docs/editors.md has no configuration\n")
  vim.cmd("cquit 1")
end
local config = folder .. "/efm.yaml"
local out = io.open(config, "w")
out:write((yaml:gsub("dunlint check", vim.env.DUNLINT .. " check")))
out:close()

vim.cmd("edit " .. vim.fn.fnameescape(file))
vim.bo.filetype = "text"
local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.start_client({ name = "efm", cmd = { "efm-langserver", "-c", config }, root_dir = folder })
vim.lsp.buf_attach_client(buffer, client)
local done = vim.wait(60000, function()
  return #vim.diagnostic.get(buffer) > 0
end, 50)
for _, one in ipairs(vim.diagnostic.get(buffer)) do
  print(one.lnum + 1 .. ":" .. one.col + 1 .. " " .. one.message)
end
local threat = false
for _, one in ipairs(vim.diagnostic.get(buffer)) do
  threat = threat or (one.message:find("threat/visit", 1, true) ~= nil and one.lnum == 1)
end
if not (done and threat) then
  io.stderr:write("efm: no diagnostic of the threat in the second line\n")
  vim.cmd("cquit 1")
end
vim.cmd("qall!")
