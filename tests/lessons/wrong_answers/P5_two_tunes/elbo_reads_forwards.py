"""Both GRUs read forwards."""

import numpy as np
from solution import *

LOSES = ("test_negative_elbo",)
SAYS = "reads forwards, too"


def read(vae, x, kinds):
    """What the encoder says, mu beside log_var, and its way back to the slopes of its three parts."""
    forward, backward, to_code = vae[:3]
    seen = np.eye(kinds, dtype=forward[0].dtype)[x.T]
    start = np.zeros((len(x), forward[1].shape[1]), seen.dtype)
    one, of_one = gru(seen, start, forward)
    two, of_two = gru(seen, start, backward)
    both, vjps = linear(np.hstack([one[-1], two[-1]]), *to_code)

    def vjp(g):
        of_states, of_weight, of_bias = (back(g) for back in vjps)
        last = np.zeros((len(one), *of_states.shape), seen.dtype)
        last[-1] = of_states
        units = start.shape[1]
        return of_one(last[:, :, :units])[2], of_two(last[:, :, units:])[2], (of_weight, of_bias)

    return both, vjp


def negative_elbo(vae, x, told, eps, beta):
    to_state, decoder, to_logits = vae[3:]
    both, to_encoder = read(vae, x, told.shape[2])
    mu, log_var = np.split(both, 2, axis=1)
    z, (sample_to_mu, sample_to_log_var) = reparameterize(mu, log_var, eps)
    inside, state_vjps = linear(z, *to_state)
    each_time = np.broadcast_to(z, (len(told), *z.shape))
    states, to_decoder = gru(np.concatenate([told, each_time], axis=2), np.tanh(inside), decoder)
    logits, logit_vjps = linear(rows(states), *to_logits)
    nats, (to_nats,) = cross_entropy(logits, x.T.reshape(-1))
    kl, (kl_to_mu, kl_to_log_var) = free_bits(mu, log_var, 0)

    length = len(told)
    of_states, *of_to_logits = (vjp(to_nats(length)) for vjp in logit_vjps)
    of_input, of_state, of_decoder = to_decoder(of_states.reshape(states.shape))
    of_z, *of_to_state = (vjp(of_state * (1 - np.tanh(inside) ** 2)) for vjp in state_vjps)
    of_z = of_z + of_input[:, :, told.shape[2] :].sum(axis=0)
    each = np.full_like(kl, beta / len(x))
    of_both = sample_to_mu(of_z) + kl_to_mu(each), sample_to_log_var(of_z) + kl_to_log_var(each)
    of_encoder = to_encoder(np.hstack(of_both))
    return length * nats, kl.mean(), (*of_encoder, tuple(of_to_state), of_decoder, tuple(of_to_logits))
