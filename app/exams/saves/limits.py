"""The rate of saves, per attempt and process: 4 a second, bursts of 20 (R79). In memory, because a save must not cost a second write."""

PER_SECOND = 4
BURST = 20
MOST_KEPT = 20_000  # attempts; the ones not seen for longest are forgotten first


class Bucket:
    """Token buckets by key. Calls of several threads may race by one token, which does no harm."""

    def __init__(self, per_second=PER_SECOND, burst=BURST):
        self.per_second, self.burst = per_second, burst
        self._kept = {}

    def takes(self, key, now):
        """Count one request at `now` (monotonic seconds); False when there were too many."""
        tokens, at = self._kept.pop(key, (self.burst, now))
        tokens = min(self.burst, tokens + (now - at) * self.per_second)
        allowed = tokens >= 1
        self._kept[key] = (tokens - 1 if allowed else tokens, now)
        if len(self._kept) > MOST_KEPT:
            self._forget()
        return allowed

    def _forget(self):
        for key in list(self._kept)[: MOST_KEPT // 10]:
            self._kept.pop(key, None)
