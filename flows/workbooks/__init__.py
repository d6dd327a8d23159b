"""The workbooks that clerks get from us: blank templates, and their own uploads with the findings marked."""
