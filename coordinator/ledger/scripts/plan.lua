-- Writes the boundaries of new tasks before their jobs are added. arg: {version, tasks: [[group, route, first, end, traceparent]],
-- cursors: [[group, cursor]]}. Returns {ok, first sequence}; nothing is written if another planner was faster, or units were requeued.
if redis.call('HGET', META, 'state') ~= 'running' or number(META, 'plan_version') ~= arg.version
  or redis.call('HEXISTS', META, 'draining') == 1 then return { 0, 0 } end
local first = number(META, 'seq')
for i, t in ipairs(arg.tasks) do
  local n = 0
  local window = open_window(t[3], t[4] - 1)
  for unit = t[3], t[4] - 1 do if get_unit(window, unit) < 2 then n = n + 1 end end
  save_task(first + i - 1, { g = t[1], r = t[2], s = t[3], e = t[4], n = n, i = 1, st = 'q', at = now, cr = 0, lo = 0, tp = t[5] })
  add(META, 'queued:' .. t[2], n)
end
for _, c in ipairs(arg.cursors) do redis.call('HSET', META, 'cursor:' .. c[1], c[2]) end
add(META, 'seq', #arg.tasks); add(META, 'plan_version', 1)
write_added()
return { 1, first }
