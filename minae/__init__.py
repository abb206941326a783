"""minae: a small autograd engine written to be read, and the autoencoders built on it."""

from . import functional, nn, optim
from .anomaly import detect_anomaly
from .autograd import no_grad
from .gradcheck import gradcheck
from .tensor import Tensor, differentiable, tensor

__version__ = "0.1.0"
__all__ = ["Tensor", "detect_anomaly", "differentiable", "functional", "gradcheck", "nn", "no_grad", "optim", "tensor"]
