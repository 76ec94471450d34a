"""One round of updates by lemon24/reader, for `bench_poll.py`: runs in an environment of its own, with its library alone.

Arguments: a database, then the addresses' pattern, then how many feeds. Each line on standard input is one round; it answers with the
CPU seconds of the round and the feeds that failed.
"""

import resource
import sys
import time

from reader import make_reader


def cpu_s():
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def main():
    database, pattern, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    reader = make_reader(database)
    for number in range(count):
        reader.add_feed(pattern.format(b=number // 250, c=number % 250 + 1, n=number))
    for _ in sys.stdin:
        start = cpu_s()
        reader.update_feeds(scheduled=False)
        spent = cpu_s() - start
        failed = sum(1 for feed in reader.get_feeds() if feed.last_exception)
        print(spent, failed, reader.get_entry_counts().total, flush=True)


if __name__ == "__main__":
    main()
