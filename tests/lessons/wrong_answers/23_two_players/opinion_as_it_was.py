"""The draft: B2, and dots that were seen."""

from solution import *

LOSES = ("test_second_opinion",)
SAYS = "the judge never learns"


def second_opinion(made, drawn, seed):
    """What a fresh judge pays, after it learned, on dots that are new to it; in nats.

    The first half of `made` and of `drawn` is to learn from, the second half to be
    judged. If the two follow the same rule, no judge can be expected to pay less than
    2 ln 2. If not, it learns to.

    This runs, and its answer says nothing. There are two mistakes. Mend them.

    Shapes: made and drawn (N, D), float32 -> a number.
    """
    rng, half = np.random.default_rng(seed), len(made) // 2
    hidden, last = nn.Linear(made.shape[1], 64, rng=rng), nn.Linear(64, 1, rng=rng)
    judge = nn.Sequential(hidden, nn.LeakyReLU(0.2), last)

    def loss(some_drawn, some_made):
        of_drawn, of_made = judge(Tensor(some_drawn)), judge(Tensor(some_made))
        return F.softplus(-of_drawn).mean() + F.softplus(of_made).mean()

    optimizer = optim.Adam(judge.parameters(), 0.01)
    for _ in range(400):
        some, others = rng.integers(0, half, (2, 100))
        optimizer.zero_grad()
        loss(drawn[some], made[others]).backward()
    return loss(drawn[:half], made[:half]).item()
