#!/usr/bin/env python3
"""An independent answer to `bihuan deadline due --stdin`.

    deadline_oracle.py HOLIDAY_DIR generate N SEED START_RULE    lines to stdout
    deadline_oracle.py HOLIDAY_DIR answer START_RULE             lines to lines

HOLIDAY_DIR holds the notices as holiday-cn JSON (2007.json ...). A line in is
`INSTANT LIMIT`, a line out the due instant at +08:00, ` provisional` behind it
if it reaches beyond the years that have a notice. START_RULE is next_day,
same_day or deemed_next_workday.

Written from the rules in docs and from Python's datetime alone: a list of the
working dates, walked and bisected, and segments walked one by one. It shares
nothing with the C code, which counts bits.
"""
import bisect
import datetime
import json
import pathlib
import random
import sys

DAY = datetime.timedelta(days=1)
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
SEGMENTS = (((8, 30), (12, 0)), ((14, 0), (17, 30)))
RULES = ("next_day", "same_day", "deemed_next_workday")
FIRST, LAST = datetime.date(2006, 1, 1), datetime.date(2060, 12, 31)


class Calendar:
    """The working dates, in order, and the years that have a notice."""

    def __init__(self, folder):
        said, self.years = {}, set()
        for path in sorted(pathlib.Path(folder).glob("[0-9]*.json")):
            notice = json.loads(path.read_text(encoding="utf-8"))
            for day in notice["days"]:
                date = datetime.date.fromisoformat(day["date"])
                said[date] = not day["isOffDay"]
                self.years.add(notice["year"])
        self.dates = []
        date = FIRST
        while date <= LAST:
            if said.get(date, date.weekday() < 5):
                self.dates.append(date)
            date += DAY
        self.working = set(self.dates)

    def after(self, date, n):
        """The n-th working date after `date`."""
        return self.dates[bisect.bisect_right(self.dates, date) + n - 1]

    def known(self, first, last):
        return all(y in self.years for y in range(first.year, last.year + 1))


def clock(date, hour_minute):
    return datetime.datetime(date.year, date.month, date.day, *hour_minute)


def count_days(calendar, rule, start, n, unit):
    """The last of n days, of which `rule` says where they begin."""
    over = start >= clock(start, SEGMENTS[-1][1])
    date = start.date()
    rests = date not in calendar.working
    own = False
    if rule == "deemed_next_workday":
        if rests or over:
            date = calendar.after(date, 1)
    elif rule == "same_day":
        own = not over and not (rests and unit == "wd")
    if unit == "wd":
        more = n - 1 if own else n
        return calendar.after(date, more) if more else date
    last = date + DAY * (n - 1 if own else n)
    return last if last in calendar.working else calendar.after(last, 1)


def count_work(calendar, start, seconds):
    """`seconds` of working time after `start`, segment by segment; whole days
    in one jump so that long limits stay quick."""
    date = start.date()
    per_day = sum((clock(date, b) - clock(date, a)).seconds
                  for a, b in SEGMENTS)
    left, at = seconds, start
    while True:
        if date in calendar.working:
            for a, b in SEGMENTS:
                begin, end = max(at, clock(date, a)), clock(date, b)
                if begin >= end:
                    continue
                here = int((end - begin).total_seconds())
                if left <= here:
                    return begin + datetime.timedelta(seconds=left)
                left -= here
        skip = (left - 1) // per_day
        left -= skip * per_day
        date = calendar.after(date, skip + 1)
        at = clock(date, (0, 0))


def due(calendar, rule, start, text):
    """The due instant, local and without zone, and whether it is provisional."""
    unit = text.lstrip("0123456789")
    n = int(text[:len(text) - len(unit)])
    if unit in ("h", "min"):
        seconds = n * (3600 if unit == "h" else 60)
        return start + datetime.timedelta(seconds=seconds), False
    if unit in ("wh", "wmin"):
        at = count_work(calendar, start, n * (3600 if unit == "wh" else 60))
        return at, not calendar.known(start.date(), at.date())
    last = count_days(calendar, rule, start, n, unit)
    return (clock(last + DAY, (0, 0)),
            not calendar.known(start.date(), last))


def answer(calendar, rule, lines, out):
    for line in lines:
        instant, text = line.split()
        start = datetime.datetime.fromisoformat(instant.replace("Z", "+00:00"))
        local = start.astimezone(SHANGHAI).replace(tzinfo=None)
        at, provisional = due(calendar, rule, local, text)
        out.write(at.isoformat() + "+08:00"
                  + (" provisional\n" if provisional else "\n"))


def any_instant(rng):
    """A local moment, often at an edge of the working day, and more often than
    by chance in the last month that has a notice."""
    days = 20 * 365 + 5
    back = rng.randrange(31 if rng.random() < 0.03 else days)
    date = datetime.date(2026, 12, 31) - DAY * back
    at = clock(date, (0, 0)) + datetime.timedelta(seconds=rng.randrange(86400))
    if rng.random() < 0.3:
        edges = [edge for segment in SEGMENTS for edge in segment] + [(0, 0)]
        at = clock(date, rng.choice(edges))
        at += datetime.timedelta(seconds=rng.choice((-1, 0, 0, 1)))
    return min(max(at, datetime.datetime(2007, 1, 1)),
               datetime.datetime(2026, 12, 31, 23, 59, 59))


def any_limit(rng):
    unit, most = rng.choice((("wd", 60), ("wh", 300), ("wmin", 3000),
                             ("d", 120), ("h", 1000), ("min", 20000)))
    return f"{rng.randint(1, rng.choice((5, most)))}{unit}"


def generate(n, seed, out):
    rng = random.Random(seed)
    offsets = ["+08:00"] * 4 + ["Z", "+00:00", "-05:00", "+05:45", "+14:00",
                                "-09:30"]
    for _ in range(n):
        local = any_instant(rng).replace(tzinfo=SHANGHAI)
        offset = rng.choice(offsets)
        sign = -1 if offset[0] == "-" else 1
        zone = datetime.timezone.utc
        if offset != "Z":
            hours, minutes = int(offset[1:3]), int(offset[4:])
            zone = datetime.timezone(
                sign * datetime.timedelta(hours=hours, minutes=minutes))
        text = local.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S") + offset
        out.write(f"{text} {any_limit(rng)}\n")


def main(argv):
    if len(argv) == 6 and argv[2] == "generate" and argv[5] in RULES:
        # each rule gets lines of its own from one seed
        generate(int(argv[3]), f"{argv[4]} {argv[5]}", sys.stdout)
    elif len(argv) == 4 and argv[2] == "answer" and argv[3] in RULES:
        answer(Calendar(argv[1]), argv[3], sys.stdin, sys.stdout)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv)
