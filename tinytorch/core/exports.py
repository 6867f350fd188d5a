"""Generated from the chapters in modules/: edit those, then run `make package`.

The public names of each chapter's module in tinytorch.core, in the book's order.
"""

NAMES: dict[str, tuple[str, ...]] = {
    "tensor": ("Tensor",),
    "activations": ("Sigmoid", "ReLU", "Tanh", "GELU", "Softmax"),
    "layers": ("Layer", "Linear", "Dropout", "Sequential", "linear"),
    "losses": (
        "MSELoss",
        "CrossEntropyLoss",
        "BinaryCrossEntropyLoss",
        "log_softmax",
        "cross_entropy",
    ),
    "autograd": (
        "add_autograd",
        "enable_autograd",
        "no_grad",
        "Function",
        "gradcheck",
        "draw_graph",
    ),
    "optimizers": ("SGD", "Adam", "AdamW"),
    "training": (
        "Trainer",
        "CosineSchedule",
        "clip_grad_norm",
        "save_checkpoint",
        "load_checkpoint",
    ),
    "dataloader": (
        "Dataset",
        "TensorDataset",
        "DataLoader",
        "Compose",
        "RandomCrop",
        "RandomHorizontalFlip",
    ),
    "spatial": ("Conv2d", "MaxPool2d", "AvgPool2d", "BatchNorm2d", "Flatten"),
}
