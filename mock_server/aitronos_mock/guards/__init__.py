"""Who may come in, and what is known of them: origins, hosts, proxies, and the door of the control plane."""
