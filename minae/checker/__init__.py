"""The gradient checker: does backward() agree with what a function does?"""
