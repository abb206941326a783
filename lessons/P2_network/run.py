"""Train your network: python lessons/P2_network/run.py [SEED] [--last]

It learns from 55,000 digits and is validated on 5,000 others. With --last it learns from all 60,000, and is tested on
10,000 more; do that once. It prints how long that took and how many are right, and draws ten that are not.
"""

import argparse
import time

import exercise
import numpy as np
from threadpoolctl import threadpool_limits

from lessons import drawing
from minae.data import mnist


def digits(split):
    """Images (N, 28, 28), uint8, and labels."""
    images, labels = mnist(split)
    return np.round(255 * images[:, 0]).astype(np.uint8), labels


parser = argparse.ArgumentParser()
parser.add_argument("seed", type=int, nargs="?", default=0)
parser.add_argument("--last", action="store_true", help="learn from all, and use the test images")
options = parser.parse_args()

learnt, learnt_labels = digits("train")
images, labels = digits("test") if options.last else (learnt[55_000:], learnt_labels[55_000:])
count = len(learnt) if options.last else 55_000

start = time.perf_counter()
with threadpool_limits(1):  # as the grader does it: where others compute, too, two threads wait for each other
    trained = exercise.train(learnt[:count], learnt_labels[:count], options.seed)
print(f"trained for {time.perf_counter() - start:.1f} s")

found = exercise.predict(trained, images)
print(f"right: {100 * np.mean(found == labels):.2f} % of {len(labels):,}")

wrong = np.flatnonzero(found != labels)[:10]
for index in wrong:
    print(f"image {index}: taken for {found[index]}, labelled {labels[index]}")
if len(wrong):
    print("Which ten are the worst? Your report says: those with the highest loss.")
    drawing.show(
        drawing.pictures({"taken for another": images[wrong].reshape(len(wrong), -1) / 255}),
        alt="Ten digits that the network takes for others.",
    )
