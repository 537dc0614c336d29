"""Imported once, by the process that every kernel is forked from."""

import signal
import sys

if sys.platform != "win32":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

import ipykernel.ipkernel
import ipykernel.kernelapp
import matplotlib
import matplotlib.backends.backend_agg
import matplotlib.backends.backend_svg
import matplotlib.figure
import pandas
import pandera.pandas
import seaborn

import analysis_helpers.charts
import analysis_helpers.display
import analysis_helpers.report.kernels
import analysis_helpers.report.tables

__all__ = ["analysis_helpers", "ipykernel", "matplotlib", "pandas", "pandera", "seaborn"]
