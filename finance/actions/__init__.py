from .rates import RATES, load_rates

__all__ = ["RATES", "load_rates"]
