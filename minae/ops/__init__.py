"""The ops behind Tensor's operators and methods, as functions of arrays.

They know no Tensor. Each returns its value and one vjp per input, with g = dL/dy.
tensors.py lifts them.
"""
