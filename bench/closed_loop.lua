-- wrk's requests: each of its threads goes round its own half of the takers, every save with a new sequence and answer.
-- The file that is run defines TAKERS (attempt, token, cookie), WHAT (save | page), PATH (or nil for the app's own), BASE, ROUND.

local headers = {}
local threads = 0
local letters = {"A", "B", "C", "D"}

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  half = math.floor(#TAKERS / 2)
  made = 0
  for i, taker in ipairs(TAKERS) do
    headers[i] = {["Cookie"] = taker[3], ["User-Agent"] = "Mozilla/5.0 (Linux; Android 12)", ["Accept-Encoding"] = "gzip, deflate"}
    if WHAT == "save" then
      headers[i]["Content-Type"] = "application/json"
      headers[i]["X-Attempt-Token"] = taker[2]
    end
  end
end

function request()
  made = made + 1
  local at = number * half + made % half + 1
  local attempt = TAKERS[at][1]
  if WHAT == "page" then
    return wrk.format("GET", PATH or "/attempts/" .. attempt, headers[at])
  end
  local position = (math.floor(made / half) + at + ROUND) % 100 + 1
  local body = '{"changes":[{"position":' .. position .. ',"seq":' .. (BASE + made) .. ',"answer":["' .. letters[made % 4 + 1]
    .. '"],"flag":false,"age_ms":350}],"events":[],"final":false}'
  local path = PATH and PATH:gsub("ATTEMPT", attempt) or "/attempts/" .. attempt .. "/responses"
  return wrk.format("POST", path, headers[at], body)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('RESULT {"requests":%d,"seconds":%f,"bytes":%d,"p99_ms":%f,"refused":%d,"broken":%d}\n', summary.requests,
    summary.duration / 1e6, summary.bytes, latency:percentile(99) / 1000, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
