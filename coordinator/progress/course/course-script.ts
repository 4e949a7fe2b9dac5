/** What Redis keeps of the course of an evaluation, and the script that adds to it. Both hashes go with the ledger. */

/**
 * KEYS: 1 meta, 2 sums, 3 agents of the ledger, 4 course, 5 attempts. ARGV: 1 {most, width, spans: [[ms ago, span]], scores: [fields], kept, began: [[attempt, sequence,
 * first unit, agent, units, ms ago, ms waited, runs of units]], ended: [[attempt, state, ms ago]], refused: [[attempt, agent, runs of units]], missed} as JSON. Writes nothing where there is no ledger (any more).
 *
 *   course    o when the first span began, w its width, n attempts that began, and the spans by their number
 *   attempts  attempt → {s sequence, u first unit, a agent, n units, b began, e ended, k how, w ms in the queue, r runs of units where they are several,
 *             x runs of those whose results came too late}
 */
export const ADD_TO_COURSE = `
if redis.replicate_commands then redis.replicate_commands() end
local META, SUMS, AGENTS, COURSE, ATTEMPTS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
if redis.call('EXISTS', META) == 0 then return 0 end
local arg = cjson.decode(ARGV[1])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

-- What comes later is added to what there is; what stood at the end of the earlier one is forgotten.
local function join(span, later)
  for model, new in pairs(later.m or {}) do
    span.m = span.m or {}
    local old = span.m[model]
    if not old then span.m[model] = new
    else
      for i = 1, 3 do old[i] = old[i] + new[i] end
      for bin, count in pairs(new[4]) do old[4][bin] = (old[4][bin] or 0) + count end
    end
  end
  for class, count in pairs(later.e or {}) do
    span.e = span.e or {}
    span.e[class] = (span.e[class] or 0) + count
  end
  span.s, span.f, span.a = later.s or span.s, later.f or span.f, later.a or span.a
  return span
end

-- Spans become wider until the last one has a place.
local function widen(origin, width)
  local factor = 1
  while math.floor((now - origin) / (width * factor)) >= arg.most do factor = factor * 2 end
  if factor == 1 then return width end
  local all, spans, places = redis.call('HGETALL', COURSE), {}, {}
  for i = 1, #all, 2 do
    local place = tonumber(all[i])
    if place then
      spans[place] = all[i + 1]
      places[#places + 1] = place
      redis.call('HDEL', COURSE, all[i])
    end
  end
  table.sort(places)
  local joined = {}
  for _, place in ipairs(places) do
    local to = math.floor(place / factor)
    joined[to] = join(joined[to] or {}, cjson.decode(spans[place]))
  end
  for place, span in pairs(joined) do redis.call('HSET', COURSE, place, cjson.encode(span)) end
  redis.call('HSET', COURSE, 'w', width * factor)
  return width * factor
end

if #arg.spans > 0 then
  local origin, width = tonumber(redis.call('HGET', COURSE, 'o') or ''), tonumber(redis.call('HGET', COURSE, 'w') or '')
  if not origin or not width then
    origin, width = now - arg.spans[1][1], arg.width
    redis.call('HSET', COURSE, 'o', origin, 'w', width)
  end
  width = widen(origin, width)
  local touched, last = {}, 0
  for _, later in ipairs(arg.spans) do
    -- Not behind now, whatever a coordinator's clock does; what is before the first one belongs to it.
    local place = math.max(0, math.floor((now - later[1] - origin) / width))
    touched[place] = join(touched[place] or cjson.decode(redis.call('HGET', COURSE, place) or '{}'), later[2])
    last = math.max(last, place)
  end
  local sums = {}
  for i, field in ipairs(arg.scores) do
    local values = redis.call('HMGET', SUMS, field .. ':n', field .. ':sum', field .. ':sq')
    sums[i] = { tonumber(values[1] or '0'), tonumber(values[2] or '0'), tonumber(values[3] or '0') }
  end
  if #sums > 0 then touched[last].s = sums end
  touched[last].f = tonumber(redis.call('HGET', META, 'leased') or '0')
  touched[last].a = redis.call('ZCOUNT', AGENTS, now - 30000, '+inf')
  for place, span in pairs(touched) do redis.call('HSET', COURSE, place, cjson.encode(span)) end
end

for _, began in ipairs(arg.began) do
  local entry = { s = began[2], u = began[3], a = began[4], n = began[5], b = now - began[6] }
  if type(began[7]) == 'number' and began[7] >= 0 then entry.w = began[7] end
  if type(began[8]) == 'string' and began[8] ~= '' then entry.r = began[8] end
  -- The same attempt may be granted again, where a reply was lost.
  if redis.call('HSETNX', ATTEMPTS, began[1], cjson.encode(entry)) == 1 then redis.call('HINCRBY', COURSE, 'n', 1) end
end
if arg.missed > 0 then redis.call('HINCRBY', COURSE, 'n', arg.missed) end
for _, ended in ipairs(arg.ended) do
  local raw = redis.call('HGET', ATTEMPTS, ended[1])
  local entry = raw and cjson.decode(raw)
  -- A loss may turn out to be a crash, later.
  if entry and (not entry.k or entry.k == 'lost') then
    entry.e = entry.e or now - ended[3]
    entry.k = ended[2]
    redis.call('HSET', ATTEMPTS, ended[1], cjson.encode(entry))
  end
end
for _, late in ipairs(arg.refused) do
  local raw = redis.call('HGET', ATTEMPTS, late[1])
  local entry = raw and cjson.decode(raw)
  -- Only its own agent says so, and not without end.
  if entry and entry.a == late[2] and #(entry.x or '') + #late[3] < 400 then
    entry.x = entry.x and (entry.x .. ',' .. late[3]) or late[3]
    redis.call('HSET', ATTEMPTS, late[1], cjson.encode(entry))
  end
end
if redis.call('HLEN', ATTEMPTS) > arg.kept * 1.25 then
  -- The newest, and of the others those that came to nothing before those that are done.
  local all, rows, older = redis.call('HGETALL', ATTEMPTS), {}, {}
  for i = 1, #all, 2 do
    local entry = cjson.decode(all[i + 1])
    rows[#rows + 1] = { entry.b, all[i], (entry.k and entry.k ~= 'done') and 1 or 0 }
  end
  table.sort(rows, function(a, b) return a[1] > b[1] end)
  local newest = math.floor(arg.kept * 0.7)
  for i = newest + 1, #rows do older[#older + 1] = rows[i] end
  table.sort(older, function(a, b)
    if a[3] ~= b[3] then return a[3] > b[3] end
    return a[1] > b[1]
  end)
  for i, row in ipairs(older) do rows[newest + i] = row end
  for i = arg.kept + 1, #rows do redis.call('HDEL', ATTEMPTS, rows[i][2]) end
end
-- One that is over goes with its ledger.
local left = redis.call('PTTL', META)
if left > 0 then
  redis.call('PEXPIRE', COURSE, left)
  redis.call('PEXPIRE', ATTEMPTS, left)
end
return 1
`;
