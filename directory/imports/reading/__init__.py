"""Reading a published file: opened, cut into blocks, its wanted rows taken in constant memory."""
