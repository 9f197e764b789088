"""Opens a session of Spark for the engine, and closes it.

pyspark is no part of the usual installation and is imported here alone, when a session is opened. What Spark and Java
say of themselves is heard by nobody, and none of their errors is repeated: a line of theirs can hold a cell's value or
the name of a host. On a cluster the workers' own logs are the cluster's, and who runs it must guard them.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from features.engines.spark_engine import SparkEngine
from features.vocabulary.errors import EarlyHelpError, OutOfReachError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MASTER, _SUBMITTED, _DRIVER_MEMORY = "SPARK_MASTER", "PYSPARK_GATEWAY_PORT", "SPARK_DRIVER_MEMORY"

# Silence, for log4j's own words and for Spark's.
_NO_LOG = "status = off\nrootLogger.level = off\n"

_ALWAYS = {
    "spark.app.name": "earlyhelp",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.python.sql.dataFrameDebugging.enabled": "false",  # or each expression asks Java thrice who wrote it
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",  # dates of other programs are as they stand
    "spark.driver.maxResultSize": "0",  # the matrix may be as large as this machine holds
}


@contextmanager
def open_spark(folder: Path) -> Iterator[SparkEngine]:
    """Run Spark: on this machine, unless `SPARK_MASTER` or `spark-submit` says where.

    Parameters
    ----------
    folder
        Everything that Spark writes lies in a folder of its own in this one, which is removed at the end. On a cluster
        its workers must reach it.

    Yields
    ------
    SparkEngine
        Usable until the block is left.

    Raises
    ------
    OutOfReachError
        When pyspark or Java is not installed, or Spark does not start or fails.
    """
    require_spark()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="spark_", ignore_cleanup_errors=True) as own:
        session = None
        try:
            session = _started(own)
            yield SparkEngine(session, Path(own))
        except EarlyHelpError:
            raise
        except Exception as error:
            if not type(error).__module__.startswith(("pyspark", "py4j")):
                raise
            raise OutOfReachError(
                f"Spark {'failed' if session else 'did not start'} ({type(error).__name__}).",
                hint="Java 17 or newer is needed, and room on the disk and in memory; see SPARK_MASTER if it is set.",
            ) from None
        finally:
            _stop(session)


def require_spark() -> None:
    """Refuse where pyspark or Java is not installed, as far as can be told without starting them.

    Raises
    ------
    OutOfReachError
        When either is missing.
    """
    try:
        import pyspark  # noqa: F401 - only whether it is there is asked
    except ImportError:
        raise OutOfReachError(
            "Spark is asked for, but pyspark is not installed here.",
            hint='`make setup-spark` makes .venv-spark, which has it; or pip install "earlyhelp[spark]".',
        ) from None
    at_home = os.path.join(os.environ.get("JAVA_HOME", ""), "bin", "java")
    if _SUBMITTED not in os.environ and shutil.which("java") is None and shutil.which(at_home) is None:
        raise OutOfReachError(
            "Spark is asked for, but Java is not on this machine.",
            hint="Install Java 17 or newer, for example the package openjdk-17-jre-headless, or set JAVA_HOME.",
        )


def _started(folder: str) -> Any:
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.logger import PySparkLogger
    from pyspark.sql import SparkSession

    for name in ("DataFrameQueryContextLogger", "SQLQueryContextLogger"):
        PySparkLogger.getLogger(name).disabled = True
    logging.getLogger("py4j").propagate = False
    conf = SparkConf(loadDefaults=_SUBMITTED in os.environ).setAll(list(_settings(folder).items()))
    unheard = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    gateway = launch_gateway(conf, popen_kwargs=unheard)
    context = SparkContext(conf=conf, gateway=gateway)
    context.setLogLevel("OFF")  # where spark-submit began it, the settings of its log are not ours
    return SparkSession(context)


def _settings(folder: str) -> dict[str, str]:
    if _SUBMITTED in os.environ:
        return _ALWAYS
    silent = os.path.join(folder, "log4j2.properties")
    with open(silent, "w", encoding="utf-8") as file:
        file.write(_NO_LOG)
    java = f'"-Dlog4j2.configurationFile={silent}" "-Djava.io.tmpdir={folder}"'
    master = os.environ.get(_MASTER, "local[*]")
    here = {
        "spark.master": master,
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": os.path.join(folder, "warehouse"),
        "spark.driver.extraJavaOptions": java,
        "spark.driver.memory": os.environ.get(_DRIVER_MEMORY, "4g"),
    }
    if master.startswith("local"):
        cores = str(os.cpu_count() or 1)
        here |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        here |= {"spark.sql.shuffle.partitions": cores, "spark.default.parallelism": cores}
    return _ALWAYS | here


def _stop(session: Any) -> None:
    """Stop the session, and the Java that we started, so that it writes nothing once its folder is gone."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    if session is not None:
        with suppress(Exception):  # a Java that died cannot be stopped, and why it died is told already
            session.stop()
    proc = getattr(gateway, "proc", None)
    if gateway is None or proc is None:
        return
    gateway.shutdown()
    proc.stdin.close()
    try:
        proc.wait(timeout=30)
    except subprocess.TimeoutExpired:
        proc.kill()
    SparkContext._gateway = SparkContext._jvm = None
