-- Commands and transitions of a whole evaluation. arg: {action, reason, state?, groups?}. Returns {done: 1 or 0, state after it}.
--   start     accepted → running
--   cancel    accepted, running, paused → finalizing, every open unit closed as cancelled
--   pause     running → paused; resume: paused → running, its unqueued tasks wait for their jobs again
--   finish    finalizing → arg.state, a final one; the keys live on for watchers for arg.keepSeconds
--   recover   any state but a final one → recovering; recovered: recovering → the state before, or arg.state for a rebuilt ledger, its tasks counted anew
--   tell      appends the progress event that is due
local state = redis.call('HGET', META, 'state')
local action = arg.action
if not state then return { 0, '' } end
-- What the planner and the end go by is counted anew from the units themselves.
local function recount_open()
  local units, open = number(META, 'units'), 0
  local raw = redis.call('GET', UNITS) or ''
  for unit = 0, units - 1 do
    local byte = string.byte(raw, math.floor(unit / 2) + 1) or 0
    if (unit % 2 == 0 and math.floor(byte / 16) or byte % 16) < 2 then open = open + 1 end
  end
  redis.call('HSET', META, 'open', open)
end

local final = state == 'succeeded' or state == 'failed' or state == 'cancelled'
local done = 0

if action == 'start' and state == 'accepted' then
  set_state('running', ''); done = 1
elseif action == 'cancel' and (state == 'accepted' or state == 'running' or state == 'paused') then
  -- Two units a byte: translate each byte that has an open half; 1,000,000 units are half a megabyte.
  local map = {}
  for byte = 0, 255 do
    local high, low = math.floor(byte / 16), byte % 16
    if high < 2 then high = 5 end
    if low < 2 then low = 5 end
    map[string.char(byte)] = string.char(high * 16 + low)
  end
  local raw = redis.call('GET', UNITS) or ''
  redis.call('SET', UNITS, (string.gsub(raw, '.', map)))
  local open = number(META, 'open')
  add(META, 'cancelled', open); add(META, 'open', -open)
  for i, total in ipairs(arg.groups) do
    local group, closed = i - 1, 0
    for _, name in ipairs(CLOSED) do closed = closed + number(SUMS, group .. ':' .. name) end
    add(SUMS, group .. ':cancelled', total - closed)
    redis.call('SADD', DIRTY, group)
  end
  write_added()
  redis.call('DEL', TASKS)
  for _, field in ipairs(redis.call('HKEYS', META)) do
    if string.sub(field, 1, 7) == 'queued:' or string.sub(field, 1, 6) == 'leased' then redis.call('HSET', META, field, 0) end
  end
  redis.call('HSET', META, 'was_cancelled', 1)
  set_state('finalizing', arg.reason); done = 1
elseif action == 'pause' and state == 'running' then
  set_state('paused', arg.reason); done = 1
elseif action == 'resume' and state == 'paused' then
  set_state('running', arg.reason); done = 1
elseif action == 'finish' and state == 'finalizing' then
  set_state(arg.state, redis.call('HGET', META, 'reason') or ''); done = 1
  for i = 1, 7 do redis.call('EXPIRE', KEYS[i], arg.keepSeconds) end
elseif action == 'recover' and not final then
  -- A new generation: grants and cursors that a rollback would issue again stay below the new ones.
  if arg.generation > number(META, 'generation') then redis.call('HSET', META, 'generation', arg.generation, 'grants', 0) end
  if state ~= 'recovering' then
    redis.call('HSET', META, 'before_recovery', state)
    set_state('recovering', arg.reason)
  end
  done = 1
elseif action == 'recovered' and state == 'recovering' then
  -- Units that the store knew as closed and Redis did not: the tasks in the window have fewer left than they say.
  local per_route = {}
  local all = redis.call('HGETALL', TASKS)
  for i = 1, #all, 2 do
    local task = cjson.decode(all[i + 1])
    local window = open_window(task.s, task.e - 1)
    local left = 0
    for unit = task.s, task.e - 1 do if get_unit(window, unit) < 2 then left = left + 1 end end
    task.n = left
    if left == 0 then redis.call('HDEL', TASKS, all[i]) else save_task(all[i], task) end
    local field = (task.st == 'l' and 'leased:' or 'queued:') .. task.r
    if task.st ~= 'u' then per_route[field] = (per_route[field] or 0) + left end
  end
  local leased = 0
  for _, field in ipairs(redis.call('HKEYS', META)) do
    if string.sub(field, 1, 7) == 'queued:' or string.sub(field, 1, 7) == 'leased:' then
      redis.call('HSET', META, field, per_route[field] or 0)
      if string.sub(field, 1, 7) == 'leased:' then leased = leased + (per_route[field] or 0) end
    end
  end
  redis.call('HSET', META, 'leased', leased)
  recount_open()
  local back = redis.call('HGET', META, 'before_recovery') or arg.state
  redis.call('HDEL', META, 'before_recovery')
  set_state(back, ''); done = 1
  finalize_if_closed()
elseif action == 'tell' then
  done = 1 - cut_progress(false)
end
return { done, redis.call('HGET', META, 'state') }
