"""What a run shows: one file for each kind of model, with

measure(model, data, seed) -> its figures on the test split, as they stand in metrics.json;
describe(metrics) -> the same in words, a list of lines;
figures(model, data, seed) -> a dict of pictures;
reconstructions(model, images, count) -> test images beside what the model makes of them;
and, where the model can draw new images, samples(model, count, seed) -> the picture of them;
where `minae evaluate` tells more than `minae train`, details(metrics) -> a list of lines;
where the model bounds log p(x), evidence(model, data, seed, samples, progress) -> a list of lines.
"""
