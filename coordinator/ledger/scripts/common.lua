-- Put in front of every script of this folder.
-- KEYS: 1 meta, 2 units, 3 tasks, 4 sums, 5 dirty, 6 events, 7 agents: all keys of one evaluation, in one hash slot; and behind them some that
-- no script of this folder reads.
-- ARGV: 1 channel for notices, 2 evaluation id, 3 the script's argument as JSON.
-- All times are milliseconds of Redis's own clock, so that every coordinator judges by the same one.
if redis.replicate_commands then redis.replicate_commands() end
local META, UNITS, TASKS, SUMS, DIRTY, EVENTS, AGENTS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local CHANNEL, EVALUATION = ARGV[1], ARGV[2]
local arg = cjson.decode(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

-- What ends work must not wait for room: a script whose first write makes nothing larger may go on to others while Redis is full
-- (maxmemory). It may add little: counts and one event, in the place of tasks that go.
local function also_when_full() redis.call('HDEL', META, '') end

-- Unit states by code, as in shared/domain/states.ts. Codes below 2 are open.
local NAMES = { [0] = 'pending', 'generated', 'scored', 'unscored', 'errored', 'cancelled', 'dead' }
local CLOSED = { 'scored', 'unscored', 'errored', 'cancelled', 'dead' }
local EVENT_GAP_MS = 100      -- at most 10 progress events a second
local EVENT_LOG = 2000        -- events kept, about …
local EVENT_LOG_BYTES = 1048576 -- … and fewer where one tells of many groups; some tens always
local EVENT_LOG_LEAST = 30
local TOLD_BYTES = 512        -- names of commands that are kept
local AGENT_SEEN_MS = 30000   -- an agent counts as working this long after its last grant or commit

-- A window on the unit states of one task: read once, changed in Lua, written back once. Two units a byte, the even one high.
local function open_window(first, last)
  local from = math.floor(first / 2)
  local raw = redis.call('GETRANGE', UNITS, from, math.floor(last / 2))
  return { from = from, bytes = { string.byte(raw, 1, -1) }, changed = false }
end
local function get_unit(window, unit)
  local byte = window.bytes[math.floor(unit / 2) - window.from + 1] or 0
  if unit % 2 == 0 then return math.floor(byte / 16) end
  return byte % 16
end
local function set_unit(window, unit, code)
  local at = math.floor(unit / 2) - window.from + 1
  local byte = window.bytes[at] or 0
  if unit % 2 == 0 then window.bytes[at] = code * 16 + byte % 16 else window.bytes[at] = byte - byte % 16 + code end
  window.changed = true
end
local function save_window(window)
  if window.changed then redis.call('SETRANGE', UNITS, window.from, string.char(unpack(window.bytes))) end
end

-- Increments that are added up here and written once per field, and the groups that they change.
local added = {}
local changed_groups = {}
local function add(key, field, amount)
  if amount == 0 then return end
  local fields = added[key]
  if not fields then fields = {}; added[key] = fields end
  fields[field] = (fields[field] or 0) + amount
end
local function write_added()
  for key, fields in pairs(added) do
    for field, amount in pairs(fields) do
      -- Sums of values are decimals for ever, also when one addition is whole; everything else is a count.
      if string.sub(field, -4) == ':sum' or string.sub(field, -3) == ':sq' then redis.call('HINCRBYFLOAT', key, field, string.format('%.17g', amount))
      else redis.call('HINCRBY', key, field, string.format('%.0f', amount)) end
    end
  end
  added = {}
  for group in pairs(changed_groups) do redis.call('SADD', DIRTY, group) end
  changed_groups = {}
end

-- Errors are borne by sample: an answer and the judges' calls about it are one, however many of them errored. `beside` counts those that errored
-- beside another one. kin: the way to the others' units, by group; only where it matters.
local kin_of = {}
local function errs_beside(window, unit, group)
  local kin = kin_of[group]
  if not kin then
    kin = cjson.decode('[' .. (redis.call('HGET', META, 'kin:' .. group) or '') .. ']')
    kin_of[group] = kin
  end
  for _, offset in ipairs(kin) do
    local other = unit + offset
    local own = window.bytes[math.floor(other / 2) - window.from + 1] and window or open_window(other, other)
    local code = get_unit(own, other)
    if code == 4 or code == 6 then return true end
  end
  return false
end

-- Closes one open unit: its state, the counts, the live sums. `item` is {unit, code, group, retries, values, _, tokens in, tokens out}; a value
-- of cjson.null is no verdict. Returns false if the unit was closed already: then nothing changes.
local function close_unit(window, item)
  local unit, code, group = item[1], item[2], item[3]
  if get_unit(window, unit) >= 2 then return false end
  set_unit(window, unit, code)
  local name = NAMES[code]
  add(META, name, 1); add(META, 'open', -1)
  if (code == 4 or code == 6) and errs_beside(window, unit, group) then add(META, 'beside', 1) end
  add(SUMS, group .. ':' .. name, 1); add(SUMS, group .. ':retries', item[4] or 0)
  add(SUMS, group .. ':in', item[7] or 0); add(SUMS, group .. ':out', item[8] or 0)
  for i, value in ipairs(item[5] or {}) do
    if value ~= cjson.null then
      local field = group .. ':s' .. (i - 1)
      add(SUMS, field .. ':n', 1); add(SUMS, field .. ':sum', value); add(SUMS, field .. ':sq', value * value)
    end
  end
  changed_groups[group] = true
  return true
end

local function number(key, field) return tonumber(redis.call('HGET', key, field) or '0') or 0 end

-- A ledger numbers its tasks from elsewhere in each generation: jobs and dead letters of what was lost are known by the old numbers.
-- Below 10^14, which is what Lua writes exactly.
local function first_sequence(generation) return (generation - 1) % 9000000 * 10000000 end

local function append_event(body)
  local generation = redis.call('HGET', META, 'generation') or '1'
  local sequence = redis.call('HINCRBY', META, 'event_seq', 1)
  local json = cjson.encode(body)
  local keep = math.max(EVENT_LOG_LEAST, math.min(EVENT_LOG, math.floor(EVENT_LOG_BYTES / #json)))
  redis.call('XADD', EVENTS, 'MAXLEN', '~', keep, generation .. '-' .. sequence, 'd', json)
  redis.call('PUBLISH', CHANNEL, 'e:' .. EVALUATION)
end

-- One group's progress as absolute values: {group, scored, unscored, errored, cancelled, dead, retries, n, sum, sq, n, …}, and behind them tokens
-- in and out, unless the ledger is of a release that did not count them.
local function group_progress(group)
  local fields = {}
  for i, name in ipairs(CLOSED) do fields[i] = group .. ':' .. name end
  fields[6] = group .. ':retries'
  local scorers = tonumber(redis.call('HGET', META, 'scorers:' .. group) or '0')
  for i = 0, scorers - 1 do
    for _, what in ipairs({ 'n', 'sum', 'sq' }) do fields[#fields + 1] = group .. ':s' .. i .. ':' .. what end
  end
  if redis.call('HEXISTS', META, 'tokens') == 1 then
    fields[#fields + 1] = group .. ':in'
    fields[#fields + 1] = group .. ':out'
  end
  local values = redis.call('HMGET', SUMS, unpack(fields))
  local row = { tonumber(group) }
  for i = 1, #fields do row[i + 1] = tonumber(values[i] or '0') end
  return row
end

local function counts()
  local values = redis.call('HMGET', META, 'units', 'scored', 'unscored', 'errored', 'cancelled', 'dead')
  local row = {}
  for i = 1, 6 do row[i] = tonumber(values[i] or '0') end
  return row
end

local function working_agents()
  redis.call('ZREMRANGEBYSCORE', AGENTS, '-inf', now - AGENT_SEEN_MS)
  return redis.call('ZCARD', AGENTS)
end

-- Appends one progress event of all groups that have changed, unless the last one is too fresh and `force` is not set.
-- Returns 1 if something is left to be told later.
local function cut_progress(force)
  if redis.call('SCARD', DIRTY) == 0 then return 0 end
  -- To be recovered: an event of the old generation might bear the number of another one, which was lost.
  if redis.call('HEXISTS', META, 'untold') == 1 then return 1 end
  if not force and now - number(META, 'event_at') < EVENT_GAP_MS then return 1 end
  local groups = redis.call('SMEMBERS', DIRTY)
  table.sort(groups, function(a, b) return tonumber(a) < tonumber(b) end)
  local rows = {}
  for i, group in ipairs(groups) do rows[i] = group_progress(group) end
  redis.call('DEL', DIRTY)
  redis.call('HSET', META, 'event_at', now)
  append_event({ k = 'p', t = now, c = counts(), g = rows, f = number(META, 'leased'), a = working_agents() })
  return 0
end

-- The one place where an evaluation's state is assigned. Tells the watchers.
local function set_state(state, reason)
  cut_progress(true)
  redis.call('HSET', META, 'state', state, 'reason', reason or '')
  append_event({ k = 's', t = now, s = state, r = reason or '' })
end

-- The names of the last commands that were carried out stay for a while: who waits for replicas looks whether its own is still there.
local function tell(name)
  redis.call('HSET', META, 'told', string.sub((redis.call('HGET', META, 'told') or '') .. name .. ' ', -TOLD_BYTES))
end

local function load_task(sequence)
  local raw = redis.call('HGET', TASKS, sequence)
  return raw and cjson.decode(raw) or nil
end
local function save_task(sequence, task) redis.call('HSET', TASKS, sequence, cjson.encode(task)) end

-- Units in the task's range that are not its own any more: requeued while it was leased, or spared by its agent, so another task runs them.
local function units_aside(task)
  local aside = {}
  for _, unit in ipairs(task.x or {}) do aside[unit] = true end
  return aside
end
-- The open units of a task, ascending.
local function open_units(task, window)
  local aside, left = units_aside(task), {}
  for unit = task.s, task.e - 1 do
    if not aside[unit] and get_unit(window, unit) < 2 then left[#left + 1] = unit end
  end
  return left
end
-- Units of a group from this one on are planned again where no task has them: the planner's cursor goes back.
local function plan_again(group, unit)
  local cursor = number(META, 'cursor:' .. group)
  if unit < cursor then
    -- Up to here units have been planned before, and may lie in tasks.
    redis.call('HSET', META, 'cursor:' .. group, unit, 'planned:' .. group, math.max(cursor, number(META, 'planned:' .. group)))
  end
  add(META, 'plan_version', 1)
end
-- Counts by which the planner goes; an unqueued task counts nowhere, nor does a doomed one.
local function add_waiting(task, amount)
  if task.st == 'q' then add(META, 'queued:' .. task.r, amount)
  elseif task.st == 'l' then add(META, 'leased', amount); add(META, 'leased:' .. task.r, amount) end
end

-- Ends an evaluation before its time: what is open is closed as cancelled, its tasks are gone. kind: cancel or fail.
local function end_early(kind, reason)
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
  local group = 0
  while redis.call('HEXISTS', META, 'total:' .. group) == 1 do
    local fields = {}
    for i, name in ipairs(CLOSED) do fields[i] = group .. ':' .. name end
    local left = number(META, 'total:' .. group)
    for _, closed in ipairs(redis.call('HMGET', SUMS, unpack(fields))) do left = left - tonumber(closed or '0') end
    if left > 0 then add(SUMS, group .. ':cancelled', left); redis.call('SADD', DIRTY, group) end
    group = group + 1
  end
  write_added()
  redis.call('DEL', TASKS)
  for _, field in ipairs(redis.call('HKEYS', META)) do
    if string.sub(field, 1, 7) == 'queued:' or string.sub(field, 1, 6) == 'leased' then redis.call('HSET', META, field, 0) end
  end
  redis.call('HSET', META, 'ended', kind, 'doomed', 0)
  redis.call('HDEL', META, 'draining')
  set_state('finalizing', reason)
  redis.call('PUBLISH', CHANNEL, 'c:' .. EVALUATION)
end

-- After every change: the evaluation ends when its last unit is closed, when more units errored than its spec bears, or when it
-- drains and nothing runs any more. Not while a command is being carried out: its end settles.
local function settle()
  local meta = redis.call('HMGET', META, 'state', 'command', 'open', 'borne', 'errored', 'dead', 'draining', 'leased', 'cancelled', 'beside',
    'doomed')
  local state = meta[1]
  if meta[2] or state ~= 'running' and state ~= 'paused' and state ~= 'accepted' then return end
  local failed = tonumber(meta[5] or '0') + tonumber(meta[6] or '0') - tonumber(meta[10] or '0')
  if meta[4] and failed > tonumber(meta[4]) then
    end_early('fail', failed .. ' of ' .. (redis.call('HGET', META, 'answers') or number(META, 'units')) .. ' samples errored; fail_on_error: '
      .. (redis.call('HGET', META, 'rule') or '') .. ' bears ' .. meta[4])
  elseif tonumber(meta[3] or '0') == 0 and not (meta[7] and tonumber(meta[9] or '0') > 0) then set_state('finalizing', '')
  -- What is given up is written down first, with its evidence.
  elseif meta[7] and tonumber(meta[8] or '0') == 0 and tonumber(meta[11] or '0') == 0 then end_early('cancel', meta[7]) end
end
