"""torch_loaders.py: PyTorch's side of `bench loaders`, with the same lines, over the files that it has made. The transforms are torchvision's for PIL images, written out."""
import math, os, pathlib, random, statistics, tempfile, time
import numpy, torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset, TensorDataset
from torch_timing import REPEATS, emit

MEAN, STD = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1), torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


def random_resized_crop(image, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
    width, height = image.size
    for _ in range(10):
        area = width * height * random.uniform(*scale)
        aspect = math.exp(random.uniform(math.log(ratio[0]), math.log(ratio[1])))
        w, h = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
        if 0 < w <= width and 0 < h <= height:
            left, top = random.randint(0, width - w), random.randint(0, height - h)
            break
    else:
        w, h, left, top = width, height, 0, 0
    return image.crop((left, top, left + w, top + h)).resize((size, size), Image.BILINEAR)


class ImageFolder(Dataset):
    def __init__(self, root):
        classes = sorted(p for p in pathlib.Path(root).iterdir() if p.is_dir())
        self.samples = [(str(path), label) for label, folder in enumerate(classes) for path in sorted(folder.iterdir())]

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        path, label = self.samples[index]
        with open(path, "rb") as file:
            image = random_resized_crop(Image.open(file).convert("RGB"), 64)
        if random.random() < 0.5:
            image = image.transpose(Image.FLIP_LEFT_RIGHT)
        pixels = torch.from_numpy(numpy.array(image)).permute(2, 0, 1).contiguous().float().div(255)
        return pixels.sub_(MEAN).div_(STD), label


def examples_per_second(metric, loader):
    rates = []
    for epoch in range(REPEATS + 1):
        begin, seen = time.perf_counter(), 0
        for data, _ in loader:
            seen += len(data)
        if epoch > 0:
            rates.append(seen / (time.perf_counter() - begin))
    emit("torch", "loaders", metric, statistics.median(rates), "samples/s")


images = ImageFolder(os.environ.get("BENCH_IMAGES", os.path.join(tempfile.gettempdir(), "bench_images")))
examples_per_second("png_folder", DataLoader(images, batch_size=64, shuffle=True, num_workers=2, persistent_workers=True))
tensors = TensorDataset(torch.randn(60000, 784), torch.randint(10, (60000,)))
examples_per_second("tensors", DataLoader(tensors, batch_size=64, shuffle=True))
