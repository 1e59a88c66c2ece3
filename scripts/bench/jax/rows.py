"""The table of programs: each row's name, and its program as a user of JAX writes it, with its alternatives."""

plain = {}
alternatives = {}


def row(*names):
    """Registers a function of flat arrays as the plain program of these rows."""

    def keep(fn):
        for name in names:
            assert name not in plain, name
            plain[name] = fn
        return fn

    return keep


def alternative(how, *names):
    """Registers another program of the same rows, which a user who knows JAX well may write."""

    def keep(fn):
        for name in names:
            alternatives.setdefault(name, {})[how] = fn
        return fn

    return keep
