"""How the models that ship are made: data, training, packing, figures. `python -m quotetrack.training`."""
