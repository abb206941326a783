"""A data set: images to learn from, and others to test on."""

from functools import cached_property

from ..support.argument_checks import as_pair, check_whole
from .examples import as_split, how_to_fit
from .sources import Images, Source, open_source
from .splits import Split


class Dataset:
    """A training split and a test split, each loaded when it is first used.

    Args:
        source: one of
            - "mnist" or "fashion-mnist", or "photographs" (see
              `picture_files.photographs`), which have splits of their own; the
              photographs that train are varied (see `tiles.variations`);
            - the path of a folder of PNG and JPEG pictures, or of a folder that has one
              for each class (see `folders.read_folder`);
            - the path of a .npz or .npy file (see `arrays.read_arrays`) or of an IDX
              file of images; an IDX file of labels beside it, called as MNIST's is, is
              found;
            - an array of images, or a pair (images, labels).
            Arrays of images are (N, H, W), (N, H, W, C) or (N, C, H, W), uint8 or
            floats in [0, 1]. Labels are whole numbers from 0 on, or names.
        limit: keep only the first `limit` images of each split.
        learned: the source that a model learned from, if that is not `source`. The
            training split is then taken from it, so that baselines learn from the same
            images as the model.
        patch: cut squares of so many pixels each way out of the images. In the training
            split they overlap their neighbours by half.
        resize: make all images of this size, (height, width) or one number for both.
            Proportions are kept, so that a part may be cut off.

    Images that do not say in which split they belong are divided by one rule: in the
    order of their SHA-256, the last tenth, at least one, is the test split. Squares of
    one picture are never in both splits. Without `patch` and `resize`, images of one
    size, with up to 128x128 pixels, are taken whole; of others, squares of 48x48.

    Attributes:
        classes: the names of the classes, which labels number; None without labels.
        notes: what was left out, changed or guessed, once the images have been read.

    Raises ValueError for numbers below 1, and for `patch` together with `resize`; what
    `mnist`, `fashion_mnist` and `photographs` raise; FileError for sources that cannot
    be used.
    """

    def __init__(
        self,
        source: Source,
        limit: int | None = None,
        learned: Source | None = None,
        patch: int | None = None,
        resize: int | tuple[int, int] | None = None,
    ):
        for name, value in (("limit", limit), ("patch", patch)):
            if value is not None:
                check_whole(f"Dataset: {name}", value, 1)
        if resize is not None:
            resize = as_pair("Dataset: resize", resize, 1)
        if patch is not None and resize is not None:
            raise ValueError("Dataset: expected patch or resize, found both")
        self.source = source
        self.limit = limit
        self.learned = source if learned is None else learned
        self.patch = patch
        self.resize = resize
        self.notes: list[str] = []

    @cached_property
    def train(self) -> Split:
        return self._split(self._learned_images, "train")

    @cached_property
    def test(self) -> Split:
        return self._split(self._images, "test")

    @property
    def classes(self) -> tuple[str, ...] | None:
        return self._images.classes

    @cached_property
    def _images(self) -> Images:
        return self._opened(self.source)

    @cached_property
    def _learned_images(self) -> Images:
        if self.learned is self.source:
            return self._images
        return self._opened(self.learned)

    def _opened(self, source: Source) -> Images:
        images = open_source(source)
        self.notes += images.notes
        return images

    def _split(self, images: Images, split: str) -> Split:
        patch, notes = how_to_fit(images.sizes, self.patch, self.resize, images.name)
        self.notes += [note for note in notes if note not in self.notes]
        overlap = split == "train"
        whole = as_split(images.split(split), patch, self.resize, overlap)
        labels = None if whole.labels is None else whole.labels[: self.limit]
        return Split(whole.images[: self.limit], labels)
