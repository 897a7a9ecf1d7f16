"""The process that `bulk.py` starts: a request on stdin, the rows on stdout as an Arrow stream. It imports nothing of Koszyk."""

import json
import sys

_BATCH_ROWS = 20_000


def main() -> None:
    import connectorx
    import pyarrow as pa

    request = json.load(sys.stdin)
    reader = connectorx.read_sql(
        request["uri"],
        request["statement"],
        return_type="arrow_stream",
        batch_size=_BATCH_ROWS,
        pre_execution_query=list(request["settings"]) or None,
    )
    with pa.ipc.new_stream(sys.stdout.buffer, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
