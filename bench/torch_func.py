"""torch_func.py: torch.func's side of `bench transforms`, with the same lines."""
import torch, torch.nn as nn, torch.nn.functional as F
from torch.func import functional_call, grad, hessian, jacrev, vmap
from torch_timing import emit, seconds_per_call


def milliseconds(metric, step):
    emit("eager", "transforms", metric, 1e3 * seconds_per_call(step), "ms")


class Convolutions(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.c2, self.c3 = (nn.Conv2d(i, o, 3, padding=1) for i, o in ((1, 16), (16, 32), (32, 32)))
        self.out = nn.Linear(32 * 7 * 7, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(x)), 2)
        return self.out(F.relu(self.c3(x)).flatten(1))


net = Convolutions()
parameters = {k: p.detach() for k, p in net.named_parameters()}
images, labels = torch.randn(64, 1, 28, 28), torch.randint(10, (64,))


def loss(p, image, label):
    return F.cross_entropy(functional_call(net, p, (image.unsqueeze(0),)), label.unsqueeze(0))


of_one = grad(loss)
of_each = vmap(of_one, (None, 0, 0))
milliseconds("per_sample_loop", lambda: [of_one(parameters, images[i], labels[i]) for i in range(64)])
milliseconds("per_sample_vmap", lambda: of_each(parameters, images, labels))

mlp = nn.Sequential(nn.Linear(784, 64), nn.Tanh(), nn.Linear(64, 10))
weights = {k: p.detach() for k, p in mlp.named_parameters()}
x, batch = torch.randn(784), torch.randn(64, 784)


def outputs(t):
    return functional_call(mlp, weights, (t.unsqueeze(0),)).squeeze(0)


milliseconds("jacobian", lambda: jacrev(outputs)(x))
milliseconds("jacobian_batch", lambda: vmap(jacrev(outputs))(batch))
milliseconds("jacobian_parameters", lambda: jacrev(lambda p: functional_call(mlp, p, (batch,)).sum(0))(weights))
milliseconds("hessian", lambda: hessian(lambda t: F.log_softmax(outputs(t), 0)[3])(x))
