-- Commands and transitions of a whole evaluation. arg: {action, reason, …}. Returns {done: 1 or 0, state after it, detail}.
--   begin     a command is journaled and carried out from here to its last script: nobody else's is meanwhile, and the evaluation does not
--             end. arg.command names it. Where arg.states holds the state. detail: [generation, grants, requeues], or 'busy'
--   end       the command's end. arg.updated: settings have changed; arg.requeued: units were opened, and what was commanded before holds no more
--   start     accepted → running; wait: stays accepted, for arg.reason
--   cancel    accepted, running, paused → finalizing, every open unit closed as cancelled
--   drain     the same, once nothing runs any more; nothing is handed out from now on
--   pause     running → paused; resume: paused → running, its unqueued tasks wait for their jobs again
--   finish    finalizing → arg.state, a final one; the keys live on for watchers for arg.keepSeconds
--   reopen    final → recovering, with arg.command under way; told by the recovery that follows
--   recover   any state but a final one → recovering. With generation 0 it is a mark, which breaks off a command under way, and from which
--             on nothing is told; with another one it tells the state under that generation, and so the last cursor is always an event's
--   recovered recovering → arg.state, its tasks counted anew; ended, draining, updates, requeues as the journal says. Not done if it was
--             marked again since the recovery of arg.generation began, or another one has begun
--   tell      appends the progress event that is due
also_when_full()
local state = redis.call('HGET', META, 'state')
local action = arg.action
if not state then return { 0, '', '' } end
local under_way = redis.call('HGET', META, 'command')
local open_states = { accepted = true, running = true, paused = true }
local final = state == 'succeeded' or state == 'failed' or state == 'cancelled'
local done, detail = 0, ''

-- What the planner and the end go by is counted anew from the units themselves.
local function recount_open()
  local units, raw = number(META, 'units'), redis.call('GET', UNITS) or ''
  -- Each byte becomes as many characters as it has open halves: a million units in one call of C.
  local map = {}
  for byte = 0, 255 do map[string.char(byte)] = string.rep('o', (byte < 32 and 1 or 0) + (byte % 16 < 2 and 1 or 0)) end
  local bytes = math.ceil(units / 2)
  local open = #string.gsub(raw, '.', map) + 2 * (bytes - #raw)
  -- Of an odd number the last half is no unit.
  if units % 2 == 1 and (string.byte(raw, bytes) or 0) % 16 < 2 then open = open - 1 end
  redis.call('HSET', META, 'open', open)
end
-- Tasks that were unqueued wait again, each under a new incarnation.
local function queue_unqueued()
  local all = redis.call('HGETALL', TASKS)
  for i = 1, #all, 2 do
    local task = cjson.decode(all[i + 1])
    if task.st == 'u' then
      task.st = 'q'; task.i = task.i + 1; task.at = now
      add_waiting(task, task.n)
      save_task(all[i], task)
    end
  end
  write_added()
end
local function drain(reason)
  redis.call('HSET', META, 'draining', reason)
  set_state(state, 'draining' .. (reason == '' and '' or ': ' .. reason))
end

-- Which command may touch it now: the one under way, and no other.
local commands = { begin = true, ['end'] = true, cancel = true, drain = true, pause = true, resume = true, reopen = true }
if commands[action] and under_way and under_way ~= arg.command then return { 0, state, 'busy' } end
if commands[action] and action ~= 'begin' and action ~= 'reopen' and arg.command and not under_way then return { 0, state, 'lost' } end
for i, total in ipairs(arg.totals or {}) do redis.call('HSET', META, 'total:' .. (i - 1), total) end

if action == 'begin' then
  for _, allowed in ipairs(arg.states) do if allowed == state then done = 1 end end
  if done == 1 then
    redis.call('HSET', META, 'command', arg.command)
    detail = cjson.encode({ number(META, 'generation'), number(META, 'grants'), number(META, 'requeues') })
  end
elseif action == 'end' then
  if arg.updated then add(META, 'updates', 1) end
  if arg.requeued then
    add(META, 'requeues', 1)
    redis.call('HDEL', META, 'draining')
    if state == 'paused' then set_state('running', arg.reason) end
    queue_unqueued()
  end
  write_added()
  done = 1
elseif action == 'start' and state == 'accepted' then
  set_state('running', ''); done = 1
elseif action == 'wait' and state == 'accepted' then
  if redis.call('HGET', META, 'reason') ~= arg.reason then set_state('accepted', arg.reason) end
  done = 1
elseif action == 'cancel' and open_states[state] then
  end_early('cancel', arg.reason); done = 1
elseif action == 'drain' and open_states[state] then
  if redis.call('HEXISTS', META, 'draining') == 0 then drain(arg.reason); done = 1 end
elseif action == 'pause' and state == 'running' then
  set_state('paused', arg.reason); done = 1
elseif action == 'resume' and state == 'paused' then
  set_state('running', arg.reason); done = 1
  if redis.call('HEXISTS', META, 'draining') == 0 then queue_unqueued() end
elseif action == 'finish' and state == 'finalizing' then
  set_state(arg.state, redis.call('HGET', META, 'reason') or ''); done = 1
  -- What still runs of it was skipped meanwhile: nobody waits for it.
  redis.call('PUBLISH', CHANNEL, 'c:' .. EVALUATION)
  for i = 1, #KEYS do redis.call('EXPIRE', KEYS[i], arg.keepSeconds) end
elseif action == 'reopen' and final then
  for i = 1, #KEYS do redis.call('PERSIST', KEYS[i]) end
  redis.call('HSET', META, 'command', arg.command, 'state', 'recovering', 'reason', arg.reason, 'untold', 1); done = 1
elseif action == 'recover' and not final then
  if arg.generation == 0 then
    redis.call('HDEL', META, 'command')
    if state == 'recovering' then redis.call('HSET', META, 'again', 1) end
  elseif under_way then return { 0, state, 'busy' }
  else redis.call('HDEL', META, 'again') end
  -- A new generation: grants, cursors and numbers of tasks that a rollback would issue again stay below the new ones.
  local risen = arg.generation > number(META, 'generation')
  if risen then
    redis.call('HSET', META, 'generation', arg.generation, 'grants', 0, 'seq', first_sequence(arg.generation))
  end
  if state ~= 'recovering' then redis.call('HSET', META, 'before_recovery', state) end
  if arg.generation == 0 then
    -- A mark is told by the recovery that follows: after a rollback, the number of an event of now may be that of another one, seen before.
    -- Also one of a recovery that is still under way.
    redis.call('HSET', META, 'untold', 1)
    if state ~= 'recovering' then redis.call('HSET', META, 'state', 'recovering', 'reason', arg.reason) end
  elseif redis.call('HDEL', META, 'untold') == 1 or state ~= 'recovering' or risen then
    set_state('recovering', arg.reason)
  end
  detail = cjson.encode({ number(META, 'generation'), number(META, 'grants'), number(META, 'requeues') })
  done = 1
elseif action == 'recovered' and state == 'recovering' then
  local is_other = arg.generation ~= number(META, 'generation')
  if is_other or redis.call('HEXISTS', META, 'again') == 1 or under_way then return { 0, state, 'busy' } end
  -- Units that the store knew as closed and Redis did not: the tasks in the window have fewer left than they say.
  local per_route, leased, doomed = {}, 0, 0
  local all = redis.call('HGETALL', TASKS)
  for i = 1, #all, 2 do
    local task = cjson.decode(all[i + 1])
    local left = #open_units(task, open_window(task.s, task.e - 1))
    task.n = left
    if left == 0 then redis.call('HDEL', TASKS, all[i]) else save_task(all[i], task) end
    if task.st == 'd' and left > 0 then doomed = doomed + 1 end
    local field = (task.st == 'l' and 'leased:' or 'queued:') .. task.r
    if task.st == 'q' or task.st == 'l' then per_route[field] = (per_route[field] or 0) + left end
  end
  for _, field in ipairs(redis.call('HKEYS', META)) do
    if string.sub(field, 1, 7) == 'queued:' or string.sub(field, 1, 7) == 'leased:' then
      redis.call('HSET', META, field, per_route[field] or 0)
      if string.sub(field, 1, 7) == 'leased:' then leased = leased + (per_route[field] or 0) end
    end
  end
  redis.call('HSET', META, 'leased', leased, 'doomed', doomed, 'updates', arg.updates or 0, 'requeues', arg.requeues or 0)
  recount_open()
  -- One that waits for its turn goes on waiting, unless it had begun.
  local before = redis.call('HGET', META, 'before_recovery')
  if arg.state == 'accepted' and before and before ~= 'accepted' then state = 'running' else state = arg.state end
  redis.call('HDEL', META, 'before_recovery', 'ended', 'draining')
  set_state(state, ''); done = 1
  if state == 'running' and not arg.draining then queue_unqueued() end
  if arg.ended then end_early(arg.ended, arg.reason) elseif arg.draining then drain(arg.draining) end
elseif action == 'tell' then
  done = 1 - cut_progress(false)
end
if arg.command and action ~= 'begin' and action ~= 'reopen' then
  redis.call('HDEL', META, 'command')
  if done == 1 then tell(arg.command) end
end
if action ~= 'begin' and action ~= 'tell' then settle() end
return { done, redis.call('HGET', META, 'state'), detail }
