# Words of queue.
