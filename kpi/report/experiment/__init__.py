"""An A/B test → an Excel workbook that recomputes: counts and moments are typed in, every derived number is a formula.

    experiment_workbook(observed, plan, found, secondary(observed, plan), language="pl", made_at=now)

`book` puts the sheets together: the result (`result`), its days (`days`), then one sheet a metric (`workings`), whose
rows are `steps`: what an arm has (`arms`), its past taken out (`past`), the test and what decides (`judged`).
"""

from kpi.report.experiment.book import experiment_workbook

__all__ = ["experiment_workbook"]
