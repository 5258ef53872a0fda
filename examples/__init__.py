"""Networks from specs, trained on data that ships in packages.

They run on one thread: networks as small as these lose more than they gain by threads that share
busy cores.
"""

import torch

torch.set_num_threads(1)
