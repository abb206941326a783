"""One way to write exercise 24."""

from itertools import product

import numpy as np


def survivors(test, program, mutants):
    if not test(program):
        return list(range(len(mutants)))
    return [place for place, mutant in enumerate(mutants) if test(mutant)]


def is_dropout(drop, seed):
    rng, rate = np.random.default_rng(seed), 0.2
    x = rng.uniform(1, 2, (300, 301))
    ours, others = (drop(x, rate, int(s)) for s in rng.choice(10**6, 2, replace=False))
    zeros = [ours == 0, others == 0]
    if not np.allclose(ours, np.where(zeros[0], 0, x / (1 - rate))):
        return False
    pairs = {
        "two seeds": (zeros[0], zeros[1]),
        "two rows": (zeros[0][1:], zeros[0][:-1]),
        "two columns": (zeros[0][:, 1:], zeros[0][:, :-1]),
    }
    is_fair = near(zeros[0], rate)
    return is_fair and all(near(a & b, rate**2) for a, b in pairs.values())


def near(happened, probability):
    """Whether the share of what happened is within 6 standard errors."""
    error = np.sqrt(probability * (1 - probability) / happened.size)
    return bool(abs(happened.mean() - probability) < 6 * error)


def is_log_p(log_p, seed):
    rng = np.random.default_rng(seed)
    pictures = np.array(list(product([0.0, 1.0], repeat=5)))
    for width in (1, 3, 12):
        logits = width * rng.permutation([-1.0, -0.55, 0.3, 0.7, 1.1])
        p = np.exp(log_p(pictures, logits))
        if p.shape != (32,) or not np.isclose(p.sum(), 1, rtol=0, atol=1e-9):
            return False
        if not np.allclose(p @ pictures, 1 / (1 + np.exp(-logits)), rtol=0, atol=1e-9):
            return False
    return True


def each_row_alone(f, seed):
    rng = np.random.default_rng(seed)
    for n, steps in ((7, 11), (13, 5)):
        batch = rng.standard_normal((n, steps))
        together = f(batch)
        if len(together) != n:
            return False
        order = rng.permutation(n)
        alone = np.concatenate([f(batch[i : i + 1]) for i in range(n)])
        if not np.allclose(together, alone, rtol=0, atol=1e-9):
            return False
        if not np.allclose(together[order], f(batch[order]), rtol=0, atol=1e-9):
            return False
    return True


def moves_only(step, weights, own):
    after = step(weights)
    moved = [place for place, (a, b) in enumerate(zip(weights, after)) if (a != b).any()]
    return moved == sorted(own)


def check_shrink(op, cases, seed):
    rng = np.random.default_rng(seed)
    for _ in range(cases):
        x = rng.uniform(-5, 5, 3)
        between = np.clip(x, -1, 1)
        if not np.allclose(op(x), x - between):
            return False
    return True


def option_matters(train, one, other, seed):
    first, again, second = train(one, seed), train(one, seed), train(other, seed)
    return np.array_equal(first, again) and not np.array_equal(first, second)


def escapes(right, wrong, cases, checks, seed):
    places = np.random.default_rng(seed).random((checks, cases))
    return float((right(places) == wrong(places)).all(axis=1).mean())


WHY_IT_ESCAPES = "each case misses it with 0.95; 20 cases with 0.95^20 = 0.36, and 40 with its square"
