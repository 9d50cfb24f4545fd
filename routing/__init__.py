"""Roads, problem, solver, checker, sheets."""
