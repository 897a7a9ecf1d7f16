"""The experiments of a workspace: which there are, what can be asked of them, and the verdict. `shop.experiments`.

    held = shop.experiments.held()[0]                       # name, variants, outcomes, segments
    design = shop.experiments.suggested(held.name)          # every choice has a sensible first value
    found = shop.experiments.judge(design, as_of=today)     # found.verdict.code, .sentence, .guards, .comparisons

Read on in this order: `held` (what is there), `design` (what is asked), `suggestions`, `questions` (a design becomes a
source and metrics of `kpi.experiment`), `judged`, `results`, `experiments` (all of it together).
"""

from kpi.abtests.design import Design, Measure
from kpi.abtests.experiments import Experiments
from kpi.abtests.held import Column, Held
from kpi.abtests.judged import Judged
from kpi.abtests.results import Result
from kpi.abtests.traffic import Traffic

__all__ = ["Column", "Design", "Experiments", "Held", "Judged", "Measure", "Result", "Traffic"]
