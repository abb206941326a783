"""no_grad and detect_anomaly hold for the thread or task that is inside, in whatever order blocks are left."""

import asyncio
import inspect
import threading

import numpy as np
import pytest

import minae
from minae import Tensor, detect_anomaly, no_grad
from minae.models import VAE
from minae.support import anomaly


def records():
    return Tensor(2.0, requires_grad=True).exp().requires_grad


def looks():
    return bool(anomaly.is_on())


# Each switch, with a function that tells whether it is on.
SWITCHES = {"no_grad": (no_grad, lambda: not records()), "detect_anomaly": (detect_anomaly, looks)}
each = pytest.mark.parametrize("switch", SWITCHES.values(), ids=SWITCHES)


@each
def test_blocks_and_blocks_in_blocks(switch):
    inside, on = switch
    assert not on()
    with inside():
        assert on()
        with inside():
            assert on()
        assert on()
    assert not on()


@each
def test_an_error_ends_the_block(switch):
    inside, on = switch
    with pytest.raises(KeyError), inside():
        raise KeyError
    assert not on()


@each
def test_one_object_can_be_used_again_and_within_itself(switch):
    inside, on = switch
    block = inside()
    with block:
        with block:
            assert on()
        assert on()
    assert not on()
    with block:
        assert on()
    assert not on()


@each
def test_in_whatever_order_blocks_are_left(switch):
    inside, on = switch
    first, second = inside(), inside()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert on()
    second.__exit__(None, None, None)
    assert not on()


@each
def test_threads_that_enter_and_leave_in_turns(switch):
    """A enters, B enters, A leaves, B leaves; and a third one is inside of nothing throughout."""
    inside, on = switch
    step = threading.Barrier(3, timeout=10)
    seen = {}

    def run(name, enter, leave):
        block, found = inside(), []
        for moment in range(4):
            if moment == enter:
                block.__enter__()
            if moment == leave:
                block.__exit__(None, None, None)
            step.wait()
            found.append(on())
            step.wait()
        seen[name] = found

    threads = [threading.Thread(target=run, args=args) for args in [("a", 0, 2), ("b", 1, 3), ("c", None, None)]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"a": [True, True, False, False], "b": [False, True, True, False], "c": [False] * 4}
    assert not on()


@each
def test_a_new_thread_is_outside(switch):
    inside, on = switch
    found = []
    with inside():
        thread = threading.Thread(target=lambda: found.append(on()))
        thread.start()
        thread.join()
    assert found == [False]


@each
def test_asynchronous_tasks(switch):
    inside, on = switch

    async def task(enter):
        found = []
        for turn in range(4):
            if enter and turn % 2:
                with inside():
                    await asyncio.sleep(0)
                    found.append(on())
            await asyncio.sleep(0)
            found.append(on())
        return found

    async def both():
        return await asyncio.gather(task(True), task(False))

    entered, outside = asyncio.run(both())
    assert entered == [False, True, False, False, True, False] and outside == [False] * 4
    assert not on()


# --- as a decorator ---------------------------------------------------------------------------------------------------


@each
def test_a_function(switch):
    inside, on = switch

    @inside()
    def function(a, *, b):
        """What it does."""
        return on(), a, b

    assert function(1, b=2) == (True, 1, 2) and not on()
    assert function.__name__ == "function" and function.__doc__ == "What it does."


@each
def test_a_function_that_calls_itself(switch):
    inside, on = switch

    @inside()
    def down(n):
        return on() and (n == 0 or down(n - 1))

    assert down(5) and not on()


@each
def test_a_method(switch):
    inside, on = switch

    class Model:
        @inside()
        def on(self):
            return on()

    assert Model().on() and not on()


@each
def test_a_generator_is_inside_while_it_runs_and_not_in_between(switch):
    inside, on = switch

    @inside()
    def generator():
        for _ in range(3):
            yield on()

    found = []
    for value in generator():
        found.append((value, on()))
    assert found == [(True, False)] * 3
    assert inspect.isgeneratorfunction(generator)


@each
def test_what_is_sent_and_thrown_into_a_generator(switch):
    inside, on = switch
    log = []

    @inside()
    def generator():
        try:
            log.append(("sent", (yield "first"), on()))
            try:
                yield "second"
            except KeyError:
                log.append(("thrown", on()))
            yield "third"
        finally:
            log.append(("closed", on()))
        return "end"

    running = generator()
    assert next(running) == "first" and running.send(7) == "second" and running.throw(KeyError) == "third"
    running.close()
    assert log == [("sent", 7, True), ("thrown", True), ("closed", True)] and not on()

    def outer(received):
        received.append((yield from generator()))

    received = []
    assert list(outer(received)) == ["first", "second", "third"] and received == ["end"]
    with pytest.raises(ZeroDivisionError):
        running = generator()
        next(running)
        running.throw(ZeroDivisionError)
    assert not on()


@each
def test_a_coroutine(switch):
    inside, on = switch

    @inside()
    async def coroutine():
        await asyncio.sleep(0)
        return on()

    async def main():
        task = asyncio.create_task(coroutine())
        await asyncio.sleep(0)
        return on(), await task

    assert asyncio.run(main()) == (False, True) and not on()
    assert inspect.iscoroutinefunction(coroutine)


@each
def test_an_asynchronous_generator_is_refused(switch):
    inside, _ = switch

    async def generator():
        yield 1

    with pytest.raises(TypeError, match=r"asynchronous generator cannot be decorated: write `with \w+\(\):` inside it"):
        inside()(generator)


# --- what it is for ---------------------------------------------------------------------------------------------------


def test_four_threads_train_and_evaluate_four_models():
    """Each comes out as if it had been alone."""
    x = np.random.default_rng(0).random((60, 1, 6, 5)).astype(np.float32)

    def trained(seed):
        model = VAE((1, 6, 5), hidden=7, rng=seed)
        minae.fit(model, x, validation=x[:9], epochs=6, batch_size=9, seed=seed, progress=False)
        return model.state_dict()

    alone = [trained(seed) for seed in range(4)]
    found = {}
    threads = [threading.Thread(target=lambda s=seed: found.update({s: trained(s)})) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed, expected in enumerate(alone):
        for name, weights in expected.items():
            np.testing.assert_array_equal(found[seed][name], weights)
