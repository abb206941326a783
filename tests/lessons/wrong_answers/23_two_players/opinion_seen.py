"""Asks about dots that it learned from."""

from solution import *

LOSES = ("test_second_opinion",)
SAYS = "remembered them"


def second_opinion(made, drawn, seed):
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
        optimizer.step()
    return loss(drawn[:half], made[:half]).item()
