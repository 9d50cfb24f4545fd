"""OR-Tools' iterated local search: strings of stops are taken out and put back, as it cools down.

It runs only through `SolveWithIteratedLocalSearch`; `SolveWithParameters` takes the same parameters
and leaves it out.
"""

from __future__ import annotations

from dataclasses import dataclass

from google.protobuf import text_format
from ortools.constraint_solver import pywrapcp
from ortools.constraint_solver.routing_parameters_pb2 import RoutingSearchParameters

SEARCH = """
first_solution_strategy: {first}
local_search_metaheuristic: GREEDY_DESCENT
use_iterated_local_search: true
iterated_local_search_parameters {{
  perturbation_strategy: RUIN_AND_RECREATE
  ruin_recreate_parameters {{
    ruin_strategies {{ sisr {{
      max_removed_sequence_size: {removed} avg_num_removed_visits: {removed} bypass_factor: 0.01
    }} }}
    recreate_strategy {{ heuristic: LOCAL_CHEAPEST_INSERTION }}
  }}
  improve_perturbed_solution: {improve}
  reference_solution_acceptance_strategy {{ simulated_annealing {{
    cooling_schedule_strategy: EXPONENTIAL
    initial_temperature: {hot} final_temperature: {cold}
  }} }}
  best_solution_acceptance_strategy {{ greedy_descent {{ }} }}
}}
"""


@dataclass(frozen=True)
class Settings:
    """How to search.

    Parameters
    ----------
    first : OR-Tools' name of the way to build the first plan.
    removed : stops taken out at a time, and of one truck at most.
    improve : whether what was put back is improved by local search too.
    hot, cold : temperatures, in the model's units of cost.
    """

    first: str
    removed: int
    improve: bool
    hot: float
    cold: float

    def parameters(self) -> RoutingSearchParameters:
        """Return OR-Tools' parameters without a limit."""
        words = {**vars(self), "improve": str(self.improve).lower()}
        parameters = pywrapcp.DefaultRoutingSearchParameters()
        return text_format.Merge(SEARCH.format(**words), parameters)
