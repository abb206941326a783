"""Switches that are on inside a block, for the thread or task that is in it.

A switch counts the blocks that are open around the running code, so that it does not
matter in which order they are left. Each thread and each asynchronous task counts for
itself: what one of them switches, no other sees.
"""

import inspect
from collections.abc import Callable, Generator
from contextvars import ContextVar
from functools import wraps
from typing import Any, ClassVar


class Switch:
    """`with Subclass():` or `@Subclass()`: a subclass names the `blocks` that it opens.

    A decorated generator or coroutine is inside whenever it runs, and not in between.
    """

    blocks: ClassVar[ContextVar[int]]  # how many are open

    def __enter__(self) -> None:
        self.blocks.set(self.blocks.get() + 1)

    def __exit__(self, *failure: Any) -> None:
        self.blocks.set(self.blocks.get() - 1)

    def __call__(self, function: Callable) -> Callable:
        if inspect.isasyncgenfunction(function):
            name = type(self).__name__
            raise TypeError(
                f"{name}: an asynchronous generator cannot be decorated: "
                f"write `with {name}():` inside it"
            )
        if inspect.isgeneratorfunction(function):
            return self._around_generator(function)
        if inspect.iscoroutinefunction(function):
            return self._around_coroutine(function)

        @wraps(function)
        def inside(*args: Any, **options: Any) -> Any:
            with self:
                return function(*args, **options)

        return inside

    def _around_coroutine(self, function: Callable) -> Callable:
        @wraps(function)
        async def inside(*args: Any, **options: Any) -> Any:
            with self:
                return await function(*args, **options)

        return inside

    def _around_generator(self, function: Callable) -> Callable:
        @wraps(function)
        def inside(*args: Any, **options: Any) -> Generator:
            generator = function(*args, **options)
            resume, given = generator.send, None
            try:
                while True:
                    with self:
                        value = resume(given)
                    try:
                        resume, given = generator.send, (yield value)
                    except GeneratorExit:
                        with self:
                            generator.close()
                        raise
                    except BaseException as error:
                        resume, given = generator.throw, error
            except StopIteration as stop:
                return stop.value

        return inside
