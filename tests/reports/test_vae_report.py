"""The figures of variational models: where codes are drawn, and what the manifold decodes."""

import numpy as np

from minae.models import VAE
from minae.reports import plots
from minae.reports import vae as report


def test_many_latents_are_shown_in_the_plane_of_their_principal_components(monkeypatch):
    """As scikit-learn's PCA would: the codes' mean is taken away first. Signs are free."""
    shown = []
    scatter = plots.latent_scatter
    monkeypatch.setattr(
        plots, "latent_scatter", lambda points, *rest: (shown.append(points), scatter(points, *rest))[1]
    )
    rng = np.random.default_rng(0)
    codes = rng.standard_normal((50, 5)) * [3, 2, 1, 0.5, 0.1] @ rng.standard_normal((5, 5)) + [50, 0, -20, 5, 0]
    report.latent_space(codes, None)
    covariance = np.cov(codes.T, bias=True)
    largest = np.sort(np.linalg.eigvalsh(covariance))[::-1][:2]
    np.testing.assert_allclose(shown[0].mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(np.cov(shown[0].T, bias=True), np.diag(largest), atol=1e-10)


def test_the_manifold_decodes_a_grid_of_quantiles(monkeypatch):
    """The first coordinate grows along a row, the second from row to row."""
    decoded = []
    decode = report._decode
    monkeypatch.setattr(report, "_decode", lambda model, z: (decoded.append(z), decode(model, z))[1])
    report.manifold(VAE(image_shape=(1, 5, 3), latent=2, hidden=7, rng=0))
    z = plots.normal_quantiles(report.SIDE)
    np.testing.assert_allclose(decoded[0].reshape(report.SIDE, report.SIDE, 2)[3, :, 0], z, rtol=1e-6)
    np.testing.assert_allclose(decoded[0].reshape(report.SIDE, report.SIDE, 2)[:, 3, 1], z, rtol=1e-6)
    np.testing.assert_allclose(decoded[0].reshape(report.SIDE, report.SIDE, 2)[3, :, 1], z[3], rtol=1e-6)
