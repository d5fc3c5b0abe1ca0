// One after the other: each starts the product or a browser of its own, some kill it, and one listens to all spans of this process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
