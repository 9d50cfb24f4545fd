"""Ruin and recreate over whole days, compiled: plain arrays in, an order of places out.

It knows stops, sites, trucks, windows, a pause and prices, and no file or noun of the house; the
adapters (`routing.ruin`, `routing.instances.kim_core`) say what a unit and a tick are.
"""
