-- Replays results of the store into a ledger that has lost them. arg: {items: [[unit, code, group, retries, values]]} in unit order,
-- at most some thousand units apart. Closed units change nothing, so it may be repeated. Returns how many were closed, −1 if the
-- ledger is not being recovered (any more): then nothing is touched.
if redis.call('HGET', META, 'state') ~= 'recovering' then return -1 end
local closed = 0
if #arg.items > 0 then
  local window = open_window(arg.items[1][1], arg.items[#arg.items][1])
  for _, item in ipairs(arg.items) do if close_unit(window, item) then closed = closed + 1 end end
  save_window(window)
end
write_added()
return closed
