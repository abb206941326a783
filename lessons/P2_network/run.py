"""Train your network on all 60,000 digits, and test it: python lessons/P2_network/run.py [SEED]

It prints how long that took and how many of the 10,000 test digits are right, and draws ten that are not.
"""

import sys
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


seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
start = time.perf_counter()
with threadpool_limits(1):  # as the grader does it: where others compute, too, two threads wait for each other
    trained = exercise.train(*digits("train"), seed)
print(f"trained for {time.perf_counter() - start:.1f} s")

images, labels = digits("test")
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
