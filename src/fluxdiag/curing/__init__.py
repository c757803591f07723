"""From a diagnosis to a training: what was used, what changes, the copy of the dataset, ordinary people, the captionless run."""
