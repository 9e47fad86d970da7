"""The steps that must not be interleaved, in the Lua that Valkey and Redis run as one.

Times are milliseconds of the server's own clock, so that machines with different clocks agree.
Of each limit two keys are kept: a list of when calls were granted, newest first, and a hash of
what Pinterest said (`limit`, `left` and `till` when its window ends; `shut` until when it refuses
and `strikes`, how often in a row). A list's window slides; Pinterest's is fixed. While a window
of Pinterest's is known it leads; when it ends, the calls made in it are forgotten (`floor`),
though once in a window's length at most, whatever resets a garbled header names.
"""

from __future__ import annotations

from typing import Final

_SHARED: Final = """
local function clock(given)
  if given ~= '' then return tonumber(given) end
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function number(value) return tonumber(value or 0) or 0 end

-- How many of the list's times are after `since`: a binary search, for it is in order.
local function count_after(log, since)
  local low, high = 0, redis.call('LLEN', log)
  while low < high do
    local middle = math.floor((low + high) / 2)
    if tonumber(redis.call('LINDEX', log, middle)) > since then
      low = middle + 1
    else
      high = middle
    end
  end
  return low
end

-- Times in the future are from before somebody set the server's clock back.
local function forget_old(log, before, now)
  while true do
    local oldest = redis.call('LINDEX', log, -1)
    if not oldest or (tonumber(oldest) > before and tonumber(oldest) <= now) then return end
    redis.call('RPOP', log)
  end
end

local function note_call(log, now, keep)
  redis.call('LPUSH', log, now)
  redis.call('PEXPIRE', log, keep)
end

local function read_said(said)
  local found = redis.call('HMGET', said, 'limit', 'left', 'till', 'shut', 'floor', 'strikes')
  return {
    limit = number(found[1]), left = number(found[2]), till = number(found[3]),
    shut = number(found[4]), floor = number(found[5]), strikes = number(found[6]),
  }
end

-- From when on calls count: the window's length back, or the end of Pinterest's last window.
local function counted_since(state, window, now)
  local floor, ended = state.floor, state.till
  if ended <= now and ended - floor >= window * 11 / 12 then floor = ended end
  return math.max(now - window, floor)
end

-- Two numbers: calls free now, and if none the milliseconds until one is.
local function free_in(log, state, default, window, now)
  if state.shut > now then return 0, state.shut - now end
  if state.till > now then return state.left, state.till - now end
  local limit = state.limit > 0 and state.limit or default
  local used = count_after(log, counted_since(state, window, now))
  if used < limit then return limit - used, 0 end
  return 0, tonumber(redis.call('LINDEX', log, limit - 1)) + window - now
end

-- The same of a day, which exists only while Pinterest's word about it holds.
local function free_of_day(state, now)
  if state.shut > now then return 0, state.shut - now end
  if state.till > now then return state.left, state.till - now end
  return math.huge, 0
end

local nothing_said = { limit = 0, left = 0, till = 0, shut = 0, floor = 0 }
"""

# KEYS: second, minute, minute said, day, day said, app's day, app's day said
# ARGV: now or '', calls a second, calls a minute
_NOW: Final = "local now = clock(ARGV[1])"
_LONGEST_WAIT: Final = """
local minute, day, whole = read_said(KEYS[3]), read_said(KEYS[5]), read_said(KEYS[7])
local longest = 0
local function ask(free, wait) if free < 1 then longest = math.max(longest, wait, 1) end end
ask(free_in(KEYS[1], nothing_said, tonumber(ARGV[2]), 1000, now))
ask(free_in(KEYS[2], minute, tonumber(ARGV[3]), 60000, now))
ask(free_of_day(day, now))
ask(free_of_day(whole, now))
"""
_TAKING: Final = (
    """
forget_old(KEYS[1], now - 1000, now)
forget_old(KEYS[2], now - 60000, now)
"""
    + _LONGEST_WAIT
    + """
-- ARGV goes on: how long a call can last
local lasting = tonumber(ARGV[4])
if longest > 0 then return longest end
note_call(KEYS[1], now, 2000)
note_call(KEYS[2], now, 120000)
if minute.till > now then redis.call('HINCRBY', KEYS[3], 'left', -1) end
for place, state in pairs({ [4] = day, [6] = whole }) do
  if state.till > now then
    forget_old(KEYS[place], now - lasting, now)
    note_call(KEYS[place], now, lasting)
    redis.call('HINCRBY', KEYS[place + 1], 'left', -1)
  end
end
"""
)

WAIT: Final = _SHARED + _NOW + _LONGEST_WAIT + "return longest"

TAKE: Final = _SHARED + _NOW + _TAKING + "return 0"

TAKE_IN_TURN: Final = (
    _SHARED
    + _NOW
    + """
-- KEYS go on: a board's turn; ARGV after how long a call can last: its holder, how long it lasts
-- Milliseconds to wait: for room when positive, for the turn when negative. 0: both are granted.
local left = redis.call('PTTL', KEYS[8])
if left > -2 then return -math.max(left, 1) end
"""
    + _TAKING
    + """
redis.call('SET', KEYS[8], ARGV[5], 'PX', ARGV[6])
return 0
"""
)

PEEK: Final = (
    _SHARED
    + """
-- KEYS: day said, app's day said, then for each connection: second, minute, minute said
-- ARGV: now or '', calls a second, calls a minute
local now = clock(ARGV[1])
local of_app = math.min(
  (free_of_day(read_said(KEYS[1]), now)), (free_of_day(read_said(KEYS[2]), now)))
local free = { of_app == math.huge and -1 or of_app }
for place = 3, #KEYS, 3 do
  local second = tonumber(ARGV[2]) - count_after(KEYS[place], now - 1000)
  local minute = free_in(KEYS[place + 1], read_said(KEYS[place + 2]), tonumber(ARGV[3]), 60000, now)
  table.insert(free, math.max(0, math.min(second, minute)))
end
-- One text rather than a list: Python reads it ten times as fast.
return table.concat(free, ' ')
"""
)

LEARN: Final = (
    _SHARED
    + """
-- KEYS: minute, minute said, day, day said, app's day, app's day said, then all other days
-- ARGV: now or '', ms since the call was sent, refused, recovers, daily, whole app (0 or 1),
--       limit, remaining, ms to reset, ms to pause (-1: not said), calls a minute,
--       first backoff, longest backoff, chance (0 to 1)
local now = clock(ARGV[1])
local sent_at = now - tonumber(ARGV[2])
local refused, recovers = ARGV[3] == '1', ARGV[4] == '1'
local daily, whole_app = ARGV[5] == '1', ARGV[6] == '1'
local limit, remaining = tonumber(ARGV[7]), tonumber(ARGV[8])
local reset, pause, default = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local DAY = 86400000

local function shut(said, state, wait)
  redis.call('HSET', said, 'shut', math.max(state.shut, now + wait))
  redis.call('PEXPIRE', said, wait + DAY)
end

-- Calls granted after this one was sent are not in Pinterest's figure yet.
local function hear(log, said, till, most)
  local left = math.max(0, math.min(most, remaining - count_after(log, sent_at)))
  redis.call('HSET', said, 'left', left, 'till', till, 'limit', limit)
  redis.call('PEXPIRE', said, till - now + DAY)
end

-- Of the app's day the figure may be a category's, which has more left.
local function hear_app(till)
  local state = read_said(KEYS[6])
  local same_day = state.till > now and math.abs(state.till - till) < DAY / 24
  hear(KEYS[5], KEYS[6], till, same_day and state.left or math.huge)
end

local function back_off(said, state)
  if state.shut > now then return end
  local strikes = math.min(state.strikes + 1, 30)
  local wait = math.min(tonumber(ARGV[12]) * 2 ^ (strikes - 1), tonumber(ARGV[13]))
  redis.call('HSET', said, 'strikes', strikes)
  shut(said, state, math.floor(wait * (1 + tonumber(ARGV[14])) / 2))
end

local function hear_minute(state)
  local since = counted_since(state, 60000, now)
  if since > now - 60000 then redis.call('HSET', KEYS[2], 'floor', since) end
  local till = now + (reset > 0 and reset or 60000)
  -- Nor more than our own count leaves, which has all calls that are still on their way; unless
  -- the figure is of a smaller limit than the minute's, as the second's is.
  local own = limit - count_after(KEYS[1], math.max(till - 60000, since))
  hear(KEYS[1], KEYS[2], till, limit >= default and own or math.huge)
end

local minute = read_said(KEYS[2])
if refused then
  if pause < 0 then
    back_off(KEYS[2], minute)
  elseif daily then
    shut(KEYS[4], read_said(KEYS[4]), pause)
    if whole_app then shut(KEYS[6], read_said(KEYS[6]), pause) end
  else
    -- A time that Pinterest names is the end of its window; a backoff of ours is not.
    redis.call('HSET', KEYS[2], 'left', 0, 'till', now + pause)
    shut(KEYS[2], minute, pause)
  end
  return
end
if recovers and minute.strikes > 0 and minute.shut <= now then
  redis.call('HDEL', KEYS[2], 'strikes')
end
if limit < 0 then return end
if daily then
  hear(KEYS[3], KEYS[4], now + reset, math.huge)
  if whole_app then hear_app(now + reset) end
  redis.call('HDEL', KEYS[2], 'left', 'till', 'limit')
else
  -- Windows of a minute: the app has Standard access, and all days we knew are over.
  redis.call('DEL', unpack(KEYS, 3))
  hear_minute(minute)
end
"""
)

RELEASE: Final = """
-- KEYS: a turn. ARGV: its holder. Nobody ends a turn that has become somebody else's.
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""
