"""Imported once, by the process that every kernel is forked from."""

import gc
import signal
import sys

if sys.platform != "win32":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

from analysis_helpers.report.engine import lean

with lean.imports():
    import sqlite3

    import ipykernel.debugger
    import ipykernel.ipkernel
    import ipykernel.kernelapp
    import IPython.core.completerlib
    import IPython.core.debugger
    import matplotlib
    import matplotlib.backends.backend_agg
    import matplotlib.backends.backend_svg
    import matplotlib.figure
    import pandas
    import pandera.pandas
    import seaborn

    import analysis_helpers.charts
    import analysis_helpers.comparison
    import analysis_helpers.display
    import analysis_helpers.report.engine.kernels
    import analysis_helpers.report.pages.tables
    from analysis_helpers.language import codes
    from analysis_helpers.opening import open_cohort
    from analysis_helpers.scaffold import EXAMPLE

    # What libraries and catalogues put off until they are first used is done here, once for all.
    for _language in reversed(codes()):
        _example, _ = open_cohort(EXAMPLE, _language)
        _chart = analysis_helpers.charts.tenures(_example)
    _chart._repr_mimebundle_()
    _example.authors.query("status == 'left'").to_html()

gc.freeze()  # no kernel looks through what all of them share, and so copies it

__all__ = [
    "IPython",
    "analysis_helpers",
    "ipykernel",
    "matplotlib",
    "pandas",
    "pandera",
    "seaborn",
    "sqlite3",
]
